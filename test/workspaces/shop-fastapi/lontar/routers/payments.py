from fastapi import APIRouter, Body, Depends, Security
from sqlalchemy import select, update

from lontar.db import Session
from lontar.models import Payment, Refund
from lontar.security import get_current_user, require_staff, webhook_key

router = APIRouter()


@router.get("/{payment_id}/refunds", dependencies=[Security(get_current_user, scopes=["payments"])])
async def list_refunds(session: Session, payment_id: int):
    return (await session.scalars(select(Refund).where(Refund.payment_id == payment_id))).all()


@router.post("/{payment_id}/refunds", dependencies=[Depends(require_staff)])
async def refund(session: Session, payment_id: int, amount: float = Body(), reason: str = Body("")):
    session.add(Refund(payment_id=payment_id, amount=amount, reason=reason))
    await session.commit()


async def confirm(session: Session, reference: str = Body(embed=True), key: str = Depends(webhook_key)):
    await session.execute(update(Payment).where(Payment.provider_reference == reference).values(kind="card"))
    await session.commit()


router.add_api_route("/webhooks/midtrans", confirm, methods=["POST"], status_code=202)
