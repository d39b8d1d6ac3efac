"""Works through what the webhooks left behind."""

from django.db.models import F
from django.utils import timezone

from payments.models import Payment, WebhookDelivery
from payments.services import capture

MAX_ATTEMPTS = 5


def process_deliveries(batch=100):
    waiting = WebhookDelivery.objects.filter(
        processed_at__isnull=True, attempts__lt=MAX_ATTEMPTS
    ).order_by("received_at")[:batch]
    for delivery in waiting:
        WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
        payment = Payment.objects.filter(
            provider=delivery.provider, provider_reference=delivery.body.get("reference", "")
        ).first()
        if payment is None:
            continue
        if delivery.body.get("type") == "payment.captured":
            capture(payment.pk)
        WebhookDelivery.objects.filter(pk=delivery.pk).update(processed_at=timezone.now())
