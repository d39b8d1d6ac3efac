"""Merge orders and catalog

Revision ID: 0a9d3c5e7b11
Revises: c41f0b9e5a63, e7b6d1f4a802
Create Date: 2025-03-20 10:00:00
"""

revision = "0a9d3c5e7b11"
down_revision = ("c41f0b9e5a63", "e7b6d1f4a802")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
