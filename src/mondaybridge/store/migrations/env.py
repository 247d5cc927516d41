"""Run migrations on the connection that ``store.schema`` hands over; there is no ini file."""

from alembic import context

import mondaybridge.store.document_tables
import mondaybridge.store.package_tables
import mondaybridge.store.tables  # noqa: F401 - they register their tables
from mondaybridge.store.rows import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
