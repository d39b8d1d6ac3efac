from django.contrib import admin

from payments.models import LedgerEntry, Payment, Refund, WebhookDelivery


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    list_display = ["id", "order", "provider", "amount", "status"]
    list_filter = ["provider", "status"]
    raw_id_fields = ["order"]


admin.site.register([LedgerEntry, Refund, WebhookDelivery])
