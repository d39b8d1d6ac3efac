"""Users and catalog

Revision ID: 3f1c9a70d2b4
Revises:
Create Date: 2025-01-14 09:20:11
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "3f1c9a70d2b4"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("role", sa.Enum("CUSTOMER", "STAFF", "ADMIN", name="role"), nullable=False),
        sa.Column("referred_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referred_by_id"], ["users.id"], name=op.f("fk_users_referred_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "publishers",
        sa.Column("id", sa.Integer(), sa.Identity(always=False, start=100), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="ID", nullable=False),
        sa.Column("website", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishers")),
        sa.UniqueConstraint("name", name=op.f("uq_publishers_name")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("parent_id", "slug", name="uq_categories_place"),
    )
    op.create_table(
        "books",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("isbn_13", sa.String(length=13), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.String(length=2)), server_default=sa.text("'{id}'"), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("price >= 0", name=op.f("ck_books_price_not_negative")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["publisher_id"], ["publishers.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
        sa.UniqueConstraint("isbn_13", name=op.f("uq_books_isbn_13")),
        comment="What is for sale",
    )
    op.create_index(op.f("ix_books_publisher_id_published_on"), "books", ["publisher_id", "published_on"], unique=False)
    op.create_index("ix_books_attributes", "books", ["attributes"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_books_attributes", table_name="books", postgresql_using="gin")
    op.drop_index(op.f("ix_books_publisher_id_published_on"), table_name="books")
    op.drop_table("books")
    op.drop_table("categories")
    op.drop_table("publishers")
    op.drop_table("users")
    op.execute("DROP TYPE role")
