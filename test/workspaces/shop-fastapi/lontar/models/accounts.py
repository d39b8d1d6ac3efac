import enum
from datetime import date
from typing import TYPE_CHECKING, Optional

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from lontar.models.base import Base, TimestampMixin, int_key

if TYPE_CHECKING:
    from lontar.models.orders import Order


class Role(enum.Enum):
    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"


class User(TimestampMixin, Base):
    """A customer or somebody who works here."""

    __tablename__ = "users"

    id: Mapped[int_key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str]
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(20))
    born_on: Mapped[Optional[date]]
    role: Mapped[Role] = mapped_column(default=Role.CUSTOMER)
    newsletter: Mapped[bool] = mapped_column(Boolean, server_default=false())
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    full_name = column_property(first_name + " " + last_name)

    referred_by: Mapped["User | None"] = relationship(remote_side="User.id", back_populates="referrals")
    referrals: Mapped[list["User"]] = relationship(back_populates="referred_by")
    addresses: Mapped[list["Address"]] = relationship(back_populates="user", cascade="all, delete-orphan")
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")


class Address(Base):
    __tablename__ = "addresses"
    __table_args__ = (CheckConstraint("char_length(country) = 2", name="country_code"),)

    id: Mapped[int_key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2), default="ID")

    user: Mapped[User] = relationship(back_populates="addresses")
