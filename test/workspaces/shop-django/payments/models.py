from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Currency
from common.models import TimeStampedModel, UUIDModel


class Payment(UUIDModel, TimeStampedModel):
    class Provider(models.TextChoices):
        MIDTRANS = "midtrans", "Midtrans"
        XENDIT = "xendit", "Xendit"
        TRANSFER = "transfer", _("Bank transfer")

    class Status(models.IntegerChoices):
        CREATED = 0, _("Created")
        AUTHORISED = 10, _("Authorised")
        CAPTURED = 20, _("Captured")
        FAILED = 90, _("Failed")

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=12, choices=Provider.choices)
    provider_reference = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.IDR)
    status = models.PositiveSmallIntegerField(choices=Status.choices, default=Status.CREATED)
    captured_at = models.DateTimeField(null=True, blank=True)
    raw_response = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "created_at"], name="payment_status_created_idx"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="unique_provider_reference",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
        ]


class Refund(TimeStampedModel):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.FloatField(help_text=_("In the currency of the payment."))
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="requested_refunds"
    )


class LedgerEntry(models.Model):
    """Double entry: the amounts of one payment add up to zero."""

    class Account(models.TextChoices):
        CASH = "cash", _("Cash")
        SALES = "sales", _("Sales")
        REFUNDS = "refunds", _("Refunds")
        FEES = "fees", _("Provider fees")

    payment = models.ForeignKey(Payment, on_delete=models.DO_NOTHING, related_name="ledger_entries")
    account = models.CharField(max_length=10, choices=Account.choices)
    amount_minor = models.BigIntegerField(help_text=_("In the smallest unit of the currency."))
    booked_on = models.DateField(db_index=True)
    memo = models.CharField(max_length=140, blank=True)

    class Meta:
        db_table = "payments_ledger"
        verbose_name_plural = _("ledger entries")
        indexes = [
            models.Index(
                fields=["account", "-booked_on"],
                include=["amount_minor"],
                name="ledger_account_booked_idx",
            ),
        ]


class WebhookDelivery(models.Model):
    """What a provider told us, word for word, before anything is made of it."""

    provider = models.CharField(max_length=12, choices=Payment.Provider.choices)
    event_id = models.CharField(max_length=80)
    body = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        unique_together = [["provider", "event_id"]]
