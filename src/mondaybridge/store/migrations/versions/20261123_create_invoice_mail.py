"""Create what is known of each invoice's mail; what was brought to its end before was mailed."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_create_invoice_mail"
down_revision = "20261122_create_payments"
branch_labels = None
depends_on = None

DONE = """
insert into invoice_mail (stripe_id, how, at)
select d.stripe_id, 'sent', d.finalized_at from document d
where d.type = 'invoice' and d.status <> 'draft' and exists (
    select 1 from plan p
    where p.client_id = d.key_client and p.scope = d.scope and p.kind = d.kind
    and p.revision = d.revision and p.state = 'done'
)
"""


def upgrade() -> None:
    op.create_table(
        "invoice_mail",
        sa.Column("stripe_id", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("stripe_id", name=op.f("pk_invoice_mail")),
        sa.ForeignKeyConstraint(
            ["stripe_id"], ["document.stripe_id"], name=op.f("fk_invoice_mail_stripe_id")
        ),
        sa.CheckConstraint("how in ('sent', 'paid', 'person')", name=op.f("ck_invoice_mail_how")),
    )
    op.execute(DONE)


def downgrade() -> None:
    op.drop_table("invoice_mail")
