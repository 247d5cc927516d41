"""Is everything in place? The mapping beside the live boards, Stripe and this machine."""
