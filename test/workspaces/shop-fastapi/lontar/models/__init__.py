from lontar.models.accounts import Address, Role, User
from lontar.models.base import Base
from lontar.models.catalog import Author, Book, Category, Publisher, Tag, book_tags
from lontar.models.orders import Order, OrderEvent, OrderLine, OrderStatus
from lontar.models.payments import CardPayment, Payment, Refund

__all__ = [
    "Address",
    "Author",
    "Base",
    "Book",
    "CardPayment",
    "Category",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderStatus",
    "Payment",
    "Publisher",
    "Refund",
    "Role",
    "Tag",
    "User",
    "book_tags",
]
