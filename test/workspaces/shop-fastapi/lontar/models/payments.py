import uuid
from decimal import Decimal

from sqlalchemy import Float, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from lontar.models.base import Base, TimestampMixin, int_key
from lontar.models.orders import Order


class Currency(TypeDecorator):
    """A code of ISO 4217, kept in capitals."""

    impl = String(3)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.upper() if value else value


class Payment(TimestampMixin, Base):
    __tablename__ = "payments"

    id: Mapped[int_key]
    kind: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(Currency, default="IDR")
    provider_reference: Mapped[str | None] = mapped_column(String(80), index=True)

    order: Mapped[Order] = relationship(back_populates="payment")
    refunds: Mapped[list["Refund"]] = relationship(back_populates="payment")

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "transfer"}


class CardPayment(Payment):
    card_last4: Mapped[str | None] = mapped_column(String(4))

    __mapper_args__ = {"polymorphic_identity": "card"}


class Refund(Base):
    __tablename__ = "refunds"

    id: Mapped[int_key]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    amount: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(String(200), default="")

    payment: Mapped[Payment] = relationship(back_populates="refunds")
