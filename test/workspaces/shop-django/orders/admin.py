from django.contrib import admin

from orders.models import Coupon, Order, OrderItem, QuoteRequest, Shipment


class OrderItemInline(admin.TabularInline):
    model = OrderItem
    raw_id_fields = ["product"]
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["number", "customer", "status", "total", "placed_at"]
    list_filter = ["status", "channel"]
    search_fields = ["number", "contact_email"]
    raw_id_fields = ["customer", "shipping_address"]
    inlines = [OrderItemInline]


admin.site.register([Coupon, QuoteRequest, Shipment])
