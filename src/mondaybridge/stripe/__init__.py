"""Everything that is said to Stripe: the only place of its SDK; it decides nothing."""
