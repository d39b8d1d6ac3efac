from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from lontar.schemas.base import Schema


class BookBase(Schema):
    limits: ClassVar[int] = 300

    title: Annotated[str, Field(max_length=300)]
    price: Decimal = Field(gt=0)
    published_on: date | None = None


class BookCreate(BookBase):
    isbn13: str = Field(alias="isbn")
    publisher_id: int
    tags: list[str] = Field(default_factory=list)


class BookUpdate(Schema):
    title: str | None = None
    price: Decimal | None = Field(default=None, gt=0)


class BookRead(BookBase):
    id: int
    isbn13: str


class BookFilter(BaseModel):
    search: str | None = None
    in_stock: bool = True
    publisher_id: int | None = None
