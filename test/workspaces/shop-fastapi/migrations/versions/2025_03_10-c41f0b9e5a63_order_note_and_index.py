"""Note on orders, index on their customer

Revision ID: c41f0b9e5a63
Revises: 8d20e6b1c7f5
Create Date: 2025-03-10 08:41:00
"""

import sqlalchemy as sa
from alembic import op

revision = "c41f0b9e5a63"
down_revision = "8d20e6b1c7f5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True, comment="Of the customer"))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_orders_customer_id",
            "orders",
            ["customer_id"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )
    op.create_check_constraint("quantity_positive", "order_lines", "quantity > 0")


def downgrade() -> None:
    op.drop_constraint("quantity_positive", "order_lines", type_="check")
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_customer_id", table_name="orders", postgresql_concurrently=True, if_exists=True)
    op.drop_column("orders", "note")
