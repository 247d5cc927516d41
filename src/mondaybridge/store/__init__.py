"""The memory: mirror, ledger, documents and work as rows; the only place where SQL is written."""
