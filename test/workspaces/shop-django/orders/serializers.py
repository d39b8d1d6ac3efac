from rest_framework import serializers

from orders.models import Cart, CartItem, Coupon, Order, OrderEvent, OrderItem, QuoteRequest, Shipment


class CartItemSerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="product.title", read_only=True)

    class Meta:
        model = CartItem
        fields = ["id", "product", "title", "quantity", "added_at"]
        read_only_fields = ["added_at"]


class CartSerializer(serializers.ModelSerializer):
    items = CartItemSerializer(many=True, read_only=True)

    class Meta:
        model = Cart
        fields = ["id", "items", "checked_out", "updated_at"]
        read_only_fields = ["checked_out"]


class OrderItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = OrderItem
        fields = ["id", "product", "quantity", "unit_price", "is_gift"]
        read_only_fields = ["unit_price"]


class ShipmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shipment
        fields = ["carrier", "tracking_number", "shipped_at", "delivered_at"]


class OrderSerializer(serializers.ModelSerializer):
    items = OrderItemSerializer(many=True, read_only=True)
    shipment = ShipmentSerializer(read_only=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "status",
            "total",
            "placed_at",
            "contact_email",
            "contact_phone",
            "shipping_address",
            "gift_message",
            "items",
            "shipment",
        ]
        read_only_fields = ["number", "status", "total", "placed_at"]


class CheckoutSerializer(serializers.Serializer):
    address_id = serializers.IntegerField(min_value=1)
    contact_email = serializers.EmailField()
    coupon_code = serializers.CharField(max_length=24, required=False, allow_blank=True)


class CouponSerializer(serializers.ModelSerializer):
    class Meta:
        model = Coupon
        fields = "__all__"


class OrderEventSerializer(serializers.ModelSerializer):
    class Meta:
        model = OrderEvent
        fields = ["kind", "payload", "occurred_at"]


class QuoteRequestSerializer(serializers.ModelSerializer):
    class Meta:
        model = QuoteRequest
        exclude = ["handled_by"]
