from fastapi import APIRouter, Depends

from lontar.routers import auth, books, orders, payments
from lontar.routers.admin import router as admin_router
from lontar.security import get_current_user, limit_rate

api_router = APIRouter(dependencies=[Depends(limit_rate)])
api_router.include_router(auth.router)
api_router.include_router(books.router, prefix="/books", tags=["catalog"])
api_router.include_router(orders.router, dependencies=[Depends(get_current_user)])
api_router.include_router(payments.router, prefix="/payments")
api_router.include_router(admin_router, prefix="/admin")
