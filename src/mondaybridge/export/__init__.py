"""Files for clients: finished values in, bytes out, and the reading back that proves them.

Nothing here asks the store, the mirror or a vendor; who calls brings the ledger's values.
"""
