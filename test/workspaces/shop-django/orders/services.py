"""From cart to delivered order."""

from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, ExpressionWrapper, F, Sum
from django.utils import timezone

from catalog.services import reserve_stock
from orders.models import Cart, CartItem, Coupon, Order, OrderEvent, OrderItem, Shipment


class OutOfStock(Exception):
    def __init__(self, titles):
        super().__init__(f"Not enough copies of: {', '.join(titles)}")
        self.titles = titles


def add_to_cart(cart, product_id, quantity=1):
    item, created = CartItem.objects.get_or_create(
        cart=cart, product_id=product_id, defaults={"quantity": quantity}
    )
    if not created:
        CartItem.objects.filter(pk=item.pk).update(quantity=F("quantity") + quantity)
    return item


def find_coupon(code):
    now = timezone.now()
    return Coupon.objects.filter(
        code__iexact=code, starts_at__lte=now, ends_at__gt=now
    ).first()


@transaction.atomic
def check_out(cart_id, customer, address_id, contact_email, coupon_code=""):
    """Turns a cart into an order, or raises OutOfStock and leaves everything as it was."""
    cart = Cart.objects.select_for_update().get(pk=cart_id, checked_out=False)
    items = list(cart.items.select_related("product"))
    missing = [i.product.title for i in items if not reserve_stock(i.product_id, i.quantity)]
    if missing:
        raise OutOfStock(missing)

    order = Order.objects.create(
        customer=customer,
        shipping_address_id=address_id,
        contact_email=contact_email,
        coupon=find_coupon(coupon_code) if coupon_code else None,
    )
    OrderItem.objects.bulk_create(
        OrderItem(
            order=order, product=i.product, quantity=i.quantity, unit_price=i.product.price
        )
        for i in items
    )
    Cart.objects.filter(pk=cart.pk).update(checked_out=True)
    OrderEvent.objects.create(order=order, actor=customer, kind="placed")
    return recalculate_total(order)


def recalculate_total(order):
    line = ExpressionWrapper(F("quantity") * F("unit_price"), output_field=DecimalField())
    total = order.items.aggregate(total=Sum(line))["total"] or Decimal(0)
    if order.coupon:
        total = total * (100 - order.coupon.percent_off) / 100
    order.total = total.quantize(Decimal("0.01"))
    order.save(update_fields=["total", "updated_at"])
    return order


def orders_for_packing_list():
    """One line per order for the warehouse."""
    lines = []
    for order in Order.objects.filter(status=Order.Status.PAID).order_by("placed_at"):
        # Two more queries per order.
        titles = [item.product.title for item in order.items.all()]
        lines.append((order.number, titles))
    return lines


@transaction.atomic
def ship(order, carrier, tracking_number, actor):
    Shipment.objects.update_or_create(
        order=order,
        defaults={
            "carrier": carrier,
            "tracking_number": tracking_number,
            "shipped_at": timezone.now(),
        },
    )
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED)
    OrderEvent.objects.create(
        order=order, actor=actor, kind="shipped", payload={"tracking": tracking_number}
    )
