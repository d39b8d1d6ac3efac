"""Soft delete of books

Revision ID: e7b6d1f4a802
Revises: 8d20e6b1c7f5
Create Date: 2025-03-12 16:15:30
"""

import sqlalchemy as sa
from alembic import op

revision = "e7b6d1f4a802"
down_revision = "8d20e6b1c7f5"
branch_labels = ("catalog",)
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("books") as batch_op:
        batch_op.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("weight_grams", sa.Integer(), server_default="0", nullable=False))
        batch_op.alter_column("title", existing_type=sa.String(300), type_=sa.Text(), existing_nullable=False)
        batch_op.create_index("ix_books_alive", ["category_id"], postgresql_where=sa.text("deleted_at IS NULL"))
    op.execute("UPDATE books SET weight_grams = 400 WHERE weight_grams = 0")


def downgrade() -> None:
    op.execute("UPDATE books SET title = left(title, 300)")
    with op.batch_alter_table("books") as batch_op:
        batch_op.drop_index("ix_books_alive")
        batch_op.alter_column("title", existing_type=sa.Text(), type_=sa.String(300), existing_nullable=False)
        batch_op.drop_column("weight_grams")
        batch_op.drop_column("deleted_at")
