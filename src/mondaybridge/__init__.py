"""mondaybridge: hourly packages on monday.com boards, billed through Stripe."""
