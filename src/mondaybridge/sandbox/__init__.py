"""Stand-ins for monday and Stripe: they speak the vendors' language over a socket.

Written from the vendors' documents; knows nothing of the bridge's adapters, domain or SDKs.
"""
