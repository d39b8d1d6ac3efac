from lontar.schemas.accounts import Token, UserCreate, UserRead
from lontar.schemas.base import Page
from lontar.schemas.catalog import BookCreate, BookFilter, BookRead, BookUpdate
from lontar.schemas.orders import CheckoutIn, LineIn, OrderRead, QuoteIn
