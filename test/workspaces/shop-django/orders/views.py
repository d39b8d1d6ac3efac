from django.db.models import Prefetch
from django.utils.dateparse import parse_date
from rest_framework import generics, mixins, permissions, status, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from common.permissions import IsOwner
from orders.models import Cart, CartItem, Coupon, Order, OrderItem
from orders.permissions import IsWarehouse, OwnsCart
from orders.reports import best_sellers, monthly_revenue
from orders.serializers import (
    CartItemSerializer,
    CartSerializer,
    CheckoutSerializer,
    CouponSerializer,
    OrderEventSerializer,
    OrderItemSerializer,
    OrderSerializer,
    QuoteRequestSerializer,
    ShipmentSerializer,
)
from orders.services import OutOfStock, check_out, ship


class CartViewSet(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    queryset = Cart.objects.filter(checked_out=False).prefetch_related(
        Prefetch("items", queryset=CartItem.objects.select_related("product"))
    )
    serializer_class = CartSerializer
    permission_classes = [OwnsCart]

    def perform_create(self, serializer):
        user = self.request.user if self.request.user.is_authenticated else None
        serializer.save(user=user)

    @action(
        detail=True,
        methods=["post"],
        permission_classes=[permissions.IsAuthenticated, OwnsCart],
        serializer_class=CheckoutSerializer,
    )
    def checkout(self, request, pk=None):
        cart = self.get_object()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            order = check_out(cart.pk, request.user, **serializer.validated_data)
        except OutOfStock as error:
            return Response({"detail": str(error)}, status=status.HTTP_409_CONFLICT)
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class CartItemViewSet(viewsets.ModelViewSet):
    serializer_class = CartItemSerializer
    permission_classes = [permissions.AllowAny]

    def get_queryset(self):
        return CartItem.objects.filter(cart_id=self.kwargs["cart_pk"]).select_related("product")

    def perform_create(self, serializer):
        serializer.save(cart=get_object_or_404(Cart, pk=self.kwargs["cart_pk"], checked_out=False))


class OrderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    serializer_class = OrderSerializer
    permission_classes = [permissions.IsAuthenticated, IsOwner]
    owner_field = "customer"

    def get_queryset(self):
        return Order.objects.of_customer(self.request.user).with_lines().order_by("-placed_at")

    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        order = self.get_object()
        cancelled = Order.objects.filter(
            pk=order.pk, status__in=[Order.Status.PENDING, Order.Status.PAID]
        ).update(status=Order.Status.CANCELLED)
        if not cancelled:
            return Response({"detail": "Too late to cancel."}, status=status.HTTP_409_CONFLICT)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"], permission_classes=[IsWarehouse])
    def ship(self, request, pk=None):
        order = get_object_or_404(Order, pk=pk)
        serializer = ShipmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        ship(
            order,
            serializer.validated_data["carrier"],
            serializer.validated_data.get("tracking_number", ""),
            request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True)
    def events(self, request, pk=None):
        return Response(OrderEventSerializer(self.get_object().events.all(), many=True).data)


class OrderItemViewSet(viewsets.ReadOnlyModelViewSet):
    """Looks the order up by its id alone: whoever is logged in sees the items of every order."""

    serializer_class = OrderItemSerializer

    def get_queryset(self):
        return OrderItem.objects.filter(order_id=self.kwargs["order_pk"])


class CouponViewSet(viewsets.ModelViewSet):
    queryset = Coupon.objects.order_by("-starts_at")
    serializer_class = CouponSerializer
    permission_classes = [permissions.IsAdminUser]


class QuoteRequestView(generics.CreateAPIView):
    """The form for schools. Open on purpose; only the throttle keeps robots away."""

    serializer_class = QuoteRequestSerializer
    permission_classes = [permissions.AllowAny]
    authentication_classes = []
    throttle_scope = "quotes"


@api_view(["GET"])
@permission_classes([permissions.IsAdminUser])
def revenue_report(request, year):
    return Response([{"month": m, "revenue": r} for m, r in monthly_revenue(year)])


@api_view(["GET"])
@permission_classes([permissions.IsAdminUser | IsWarehouse])
def best_seller_report(request):
    since = parse_date(request.query_params.get("since", "")) or "1970-01-01"
    return Response(best_sellers(since))
