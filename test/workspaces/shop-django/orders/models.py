import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import TimeStampedModel, UUIDModel

ORDER_NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def generate_order_number():
    """Ten characters that nobody mistakes for each other on the phone."""
    return "".join(secrets.choice(ORDER_NUMBER_ALPHABET) for _ in range(10))


class Coupon(TimeStampedModel):
    code = models.CharField(max_length=24, unique=True)
    percent_off = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    max_redemptions = models.PositiveIntegerField(null=True, blank=True)
    redeemed = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_off__gte=1) & Q(percent_off__lte=90),
                name="coupon_percent_in_range",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="coupon_ends_after_start"
            ),
        ]

    def __str__(self):
        return self.code


class Cart(UUIDModel, TimeStampedModel):
    """Visitors have a cart too; then there is no user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="carts",
    )
    products = models.ManyToManyField("catalog.Product", through="orders.CartItem")
    checked_out = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["updated_at"], condition=Q(checked_out=False), name="cart_open_updated_idx"
            ),
        ]


class CartItem(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        unique_together = ("cart", "product")


class OrderQuerySet(models.QuerySet):
    def of_customer(self, user):
        return self.filter(customer=user)

    def awaiting_payment(self):
        return self.filter(status=Order.Status.PENDING)

    def with_lines(self):
        return self.select_related("coupon", "shipping_address").prefetch_related("items__product")


class Order(UUIDModel, TimeStampedModel):
    class Status(models.TextChoices):
        PENDING = "pending", _("Awaiting payment")
        PAID = "paid", _("Paid")
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(
        max_length=12, unique=True, default=generate_order_number, editable=False
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    shipping_address = models.ForeignKey(
        "accounts.Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contact_email = models.EmailField(help_text=_("Where the confirmation goes, even for guests."))
    contact_phone = models.CharField(max_length=20, blank=True)
    products = models.ManyToManyField("catalog.Product", through="OrderItem", related_name="orders")
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    placed_at = models.DateTimeField(default=timezone.now)
    gift_message = models.CharField(max_length=280, blank=True)
    channel = models.CharField(max_length=12, default="web")

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "lontar_order"
        ordering = ["-placed_at"]
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_customer_placed_idx"),
            models.Index(
                fields=["placed_at"], condition=Q(status="pending"), name="order_pending_placed_idx"
            ),
            models.Index(fields=["channel"], name="order_channel_idx"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
        ]

    def __str__(self):
        return self.number


class OrderItem(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="order_items"
    )
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    is_gift = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="unique_product_per_order"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_item_quantity_positive"),
        ]


class Shipment(TimeStampedModel):
    class Carrier(models.TextChoices):
        JNE = "jne", "JNE"
        POS = "pos", "Pos Indonesia"
        PICKUP = "pickup", _("Collected in the shop")

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="shipment")
    carrier = models.CharField(max_length=8, choices=Carrier.choices)
    tracking_number = models.CharField(max_length=40, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="unique_tracking_number",
            ),
        ]


class OrderEvent(models.Model):
    """The history of an order. Rows are only ever added, about twelve per order."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=32)
    payload = models.JSONField(default=dict, blank=True)
    occurred_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["occurred_at"]


class QuoteRequest(TimeStampedModel):
    """Schools and libraries ask for a price for many copies."""

    organisation = models.CharField(max_length=160)
    contact_name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True)
    message = models.TextField()
    handled_by = models.ForeignKey(
        "accounts.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
