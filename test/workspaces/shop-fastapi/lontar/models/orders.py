import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Enum, ForeignKey, ForeignKeyConstraint, Numeric, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lontar.models.accounts import User
from lontar.models.base import Base, TimestampMixin, UUIDModel, money
from lontar.models.catalog import Book

if TYPE_CHECKING:
    from lontar.models.payments import Payment


class OrderStatus(enum.StrEnum):
    CART = "cart"
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"


class OwnedByCustomer:
    @declared_attr
    def customer_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)


class Order(TimestampMixin, OwnedByCustomer, UUIDModel):
    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[OrderStatus] = mapped_column(
        Enum(OrderStatus, name="order_status", values_callable=lambda kinds: [each.value for each in kinds]),
        default=OrderStatus.CART,
    )
    total: Mapped[money] = mapped_column(default=Decimal("0"))
    note: Mapped[str | None]

    customer: Mapped[User] = relationship(back_populates="orders")
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order")
    payment: Mapped["Payment | None"] = relationship(back_populates="order")


class OrderLine(Base):
    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(12, 2))

    order: Mapped[Order] = relationship(back_populates="lines")
    book: Mapped[Book] = relationship()


class OrderEvent(Base):
    """What happened to an order. Written by the services, never changed."""

    __tablename__ = "order_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_position"],
            ["order_lines.order_id", "order_lines.position"],
            name="fk_order_events_line",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    line_position: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    at: Mapped[datetime] = mapped_column(server_default=func.now())
