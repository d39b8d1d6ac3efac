from aksara import ModelViewSet, action
from aksara.permissions import AllowAny, IsAdminUser, IsAuthenticated
from fastapi import Request

from .models import Customer, Order, Product
from .permissions import IsStockKeeper


class ShopViewSet(ModelViewSet):
    permission_classes = [IsAuthenticated]
    stream_enabled = False


class ProductViewSet(ModelViewSet):
    model = Product
    prefix = "/api/products"
    permission_classes = [AllowAny]

    @action(detail=False, methods=["get"], path="sold-out")
    async def sold_out(self, request: Request):
        return await self.model.objects.filter(stock=0).all()

    @action(detail=True, methods=["post"], permission_classes=[IsStockKeeper])
    async def restock(self, pk: str, request: Request, amount: int = 1):
        product = await self.model.objects.get(id=pk)
        product.stock += amount
        await product.save()
        return {"stock": product.stock}


class OrderViewSet(ShopViewSet):
    model = Order
    prefix = "/api/orders/"


class CustomerViewSet(ShopViewSet):
    model = Customer
    permission_classes = [IsAuthenticated, IsAdminUser]


VIEWSETS = [ProductViewSet, OrderViewSet]
