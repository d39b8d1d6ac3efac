import uuid

from fastapi import APIRouter, BackgroundTasks, WebSocket
from sqlalchemy import select

from lontar.db import Session
from lontar.models import Order
from lontar.schemas import CheckoutIn, OrderRead, QuoteIn
from lontar.security import CurrentUser
from lontar.services import orders as service

router = APIRouter(prefix="/orders", tags=["orders"])


@router.get("", response_model=list[OrderRead])
async def list_orders(session: Session, user: CurrentUser):
    return (await session.scalars(select(Order).where(Order.customer_id == user.id))).all()


@router.get("/{order_id}")
async def get_order(session: Session, order_id: uuid.UUID) -> OrderRead:
    return await session.get_one(Order, order_id)


@router.post("", status_code=201)
async def checkout(session: Session, user: CurrentUser, data: CheckoutIn, tasks: BackgroundTasks) -> OrderRead:
    order = await service.place_order(session, user, data)
    tasks.add_task(service.notify, order.id)
    return order


@router.websocket("/{order_id}/events")
async def follow(socket: WebSocket, order_id: uuid.UUID) -> None:
    await socket.accept()


quotes = APIRouter(prefix="/quotes")


@quotes.post("")
async def ask_for_quote(session: Session, data: QuoteIn) -> dict[str, int]:
    return {"copies": data.copies}
