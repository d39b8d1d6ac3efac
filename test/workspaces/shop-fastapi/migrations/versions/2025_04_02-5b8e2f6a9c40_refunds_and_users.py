"""Refunds, and what marketing asked for

Revision ID: 5b8e2f6a9c40
Revises: 0a9d3c5e7b11
Create Date: 2025-04-02 11:34:52
"""

import sqlalchemy as sa
from alembic import op

revision = "5b8e2f6a9c40"
down_revision = "0a9d3c5e7b11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
    )
    op.create_foreign_key("fk_refunds_payment", "refunds", "payments", ["payment_id"], ["id"], ondelete="CASCADE")
    op.create_unique_constraint("uq_payments_order", "payments", ["order_id"])
    op.add_column("users", sa.Column("newsletter", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("users", "phone", new_column_name="mobile", existing_type=sa.String(20))
    op.alter_column("users", "mobile", new_column_name="phone", existing_type=sa.String(20))
    op.alter_column("payments", "amount", nullable=True, server_default=sa.text("0"))
    op.rename_table("order_lines", "order_items")
    op.rename_table("order_items", "order_lines")
    op.execute(sa.text("COMMENT ON TABLE refunds IS 'Money that goes back'"))
    for table in ("orders", "payments"):
        op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    raise NotImplementedError("refunds are not given up")
