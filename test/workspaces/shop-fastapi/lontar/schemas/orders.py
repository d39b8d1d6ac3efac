import uuid
from decimal import Decimal

from lontar.models import OrderStatus
from lontar.schemas.base import Schema


class LineIn(Schema):
    book_id: int
    quantity: int = 1


class CheckoutIn(Schema):
    lines: list[LineIn]
    note: str | None = None


class QuoteIn(Schema):
    book_id: int
    copies: int


class OrderRead(Schema):
    id: uuid.UUID
    number: str
    status: OrderStatus
    total: Decimal
