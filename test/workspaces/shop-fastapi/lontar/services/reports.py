from sqlalchemy import delete, func, text
from sqlalchemy.ext.asyncio import AsyncSession

from lontar.models import Order, OrderStatus

DAILY_SALES = """
    SELECT date_trunc('day', created_at) AS day, count(*) AS orders, sum(total) AS total
    FROM orders
    WHERE created_at > now() - make_interval(days => :days) AND status <> 'cart'
    GROUP BY 1
    ORDER BY 1
"""


async def daily_sales(session: AsyncSession, days: int):
    return (await session.execute(text(DAILY_SALES), {"days": days})).mappings().all()


async def purge_carts(session: AsyncSession) -> None:
    await session.execute(
        delete(Order).where(Order.status == OrderStatus.CART, Order.updated_at < func.now() - text("interval '30 days'"))
    )
    await session.commit()
