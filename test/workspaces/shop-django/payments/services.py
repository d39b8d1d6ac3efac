import hashlib
import hmac

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.services import award_points
from orders.models import Order
from payments.models import LedgerEntry, Payment, Refund

POINTS_PER_RUPIAH = 10_000


def signature_matches(body, signature):
    expected = hmac.new(settings.PAYMENT_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


@transaction.atomic
def capture(payment_id):
    """The money is there: marks the payment and its order, and books it. Safe to call twice."""
    payment = Payment.objects.select_for_update().select_related("order").get(pk=payment_id)
    if payment.status == Payment.Status.CAPTURED:
        return payment
    payment.status = Payment.Status.CAPTURED
    payment.captured_at = timezone.now()
    payment.save(update_fields=["status", "captured_at", "updated_at"])
    Order.objects.filter(pk=payment.order_id).update(status=Order.Status.PAID)

    minor = int(payment.amount * 100)
    today = timezone.localdate()
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(payment=payment, account="cash", amount_minor=minor, booked_on=today),
            LedgerEntry(payment=payment, account="sales", amount_minor=-minor, booked_on=today),
        ]
    )
    award_points(payment.order.customer_id, int(payment.amount) // POINTS_PER_RUPIAH)
    return payment


def refund_payment(payment, amount, reason, requested_by):
    refunded = payment.refunds.aggregate(total=Sum("amount"))["total"] or 0
    if refunded + float(amount) > float(payment.amount):
        raise ValueError("More than was paid.")
    return Refund.objects.create(
        payment=payment, amount=round(float(amount), 2), reason=reason, requested_by=requested_by
    )


def unbalanced_payments(since):
    """Payments whose ledger entries do not add up to zero. The list should be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT payment_id, sum(amount_minor) AS difference
            FROM payments_ledger
            WHERE booked_on >= %s
            GROUP BY payment_id
            HAVING sum(amount_minor) <> 0
            """,
            [since],
        )
        return cursor.fetchall()
