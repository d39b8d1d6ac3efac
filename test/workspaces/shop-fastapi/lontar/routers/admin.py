from fastapi import APIRouter, Depends

from lontar.db import Session
from lontar.models import Role
from lontar.security import RequireRole
from lontar.services.reports import daily_sales, purge_carts

router = APIRouter(tags=["admin"], dependencies=[Depends(RequireRole(Role.ADMIN))])


@router.get("/reports/daily-sales")
async def sales_report(session: Session, days: int = 30):
    return await daily_sales(session, days)


@router.post("/carts/purge", status_code=204)
async def purge(session: Session) -> None:
    await purge_carts(session)
