from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ForeignKey, Identity, Index, Integer, String, Table, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lontar.models.base import Base, TimestampMixin, int_key, money, name_160

book_tags = Table(
    "book_tags",
    Base.metadata,
    Column("book_id", ForeignKey("books.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)

book_authors = Table(
    "book_authors",
    Base.metadata,
    Column("book_id", Integer, ForeignKey("books.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", Integer, ForeignKey("authors.id"), nullable=False),
    Column("position", Integer, server_default=text("1")),
    UniqueConstraint("book_id", "author_id"),
)


class Publisher(Base):
    __tablename__ = "publishers"

    id: Mapped[int] = mapped_column(Integer, Identity(start=100), primary_key=True)
    name: Mapped[name_160] = mapped_column(unique=True)
    country: Mapped[str] = mapped_column(String(2), server_default="ID")
    website: Mapped[str | None]

    books: Mapped[list["Book"]] = relationship(back_populates="publisher")


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int_key]
    full_name: Mapped[name_160]
    born_on: Mapped[date | None]
    biography: Mapped[str] = mapped_column(Text, default="")

    books: Mapped[list["Book"]] = relationship(secondary=book_authors, back_populates="authors")


class Category(Base):
    """A shelf. Shelves stand in a tree."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("parent_id", "slug", name="uq_categories_place"),)

    id: Mapped[int_key]
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))

    parent: Mapped["Category | None"] = relationship(remote_side="Category.id", backref="children")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int_key]
    name: Mapped[str] = mapped_column(String(40), unique=True, index=True)


class Book(TimestampMixin, Base):
    __tablename__ = "books"
    __table_args__ = (
        Index("ix_books_alive", "category_id", postgresql_where=text("deleted_at IS NULL")),
        Index("ix_books_title_lower", func.lower(text("title"))),
        Index("ix_books_attributes", "attributes", postgresql_using="gin"),
        Index(None, "publisher_id", "published_on"),
    )

    id: Mapped[int_key]
    isbn13: Mapped[str] = mapped_column("isbn_13", String(13), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    price: Mapped[money]
    weight_grams: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(2)), server_default=text("'{id}'"))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    published_on: Mapped[date | None]
    deleted_at: Mapped[datetime | None]
    publisher_id: Mapped[int] = mapped_column(ForeignKey("publishers.id", ondelete="RESTRICT"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id, ondelete="SET NULL"))

    publisher: Mapped[Publisher] = relationship(back_populates="books")
    category: Mapped[Category | None] = relationship(lazy="joined")
    authors: Mapped[list[Author]] = relationship(secondary=book_authors, back_populates="books")
    tags: Mapped[list[Tag]] = relationship(secondary=book_tags, backref="books")

    @hybrid_property
    def is_for_sale(self) -> bool:
        return self.deleted_at is None and self.price > Decimal(0)
