import uuid

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from lontar.models import Book, Order, OrderEvent, OrderLine, OrderStatus, User
from lontar.schemas import CheckoutIn


async def place_order(session: AsyncSession, user: User, data: CheckoutIn) -> Order:
    order = Order(customer=user, number=str(uuid.uuid4())[:8], note=data.note, status=OrderStatus.PLACED)
    for position, line in enumerate(data.lines):
        book = await session.scalar(select(Book).where(Book.id == line.book_id))
        order.lines.append(OrderLine(position=position, book=book, quantity=line.quantity, unit_price=book.price))
        order.total += book.price * line.quantity
    session.add(order)
    await session.flush()
    await session.execute(insert(OrderEvent).values(order_id=order.id, kind="placed"))
    await session.commit()
    return order


async def notify(order_id: uuid.UUID) -> None:
    print(f"order {order_id} was placed")
