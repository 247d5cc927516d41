"""The stand-in for Stripe: its API, its events, and the people at its dashboard."""
