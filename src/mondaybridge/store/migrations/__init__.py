"""Alembic's folder: how each version of the schema becomes the next; one head."""
