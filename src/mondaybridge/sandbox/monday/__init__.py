"""The stand-in for monday: its API, its webhooks, and the people at its screens."""
