from decimal import Decimal

from django.test import TestCase

from accounts.models import User
from orders.models import Order
from payments.models import LedgerEntry, Payment
from payments.services import capture, refund_payment, unbalanced_payments


class CaptureTests(TestCase):
    def setUp(self):
        customer = User.objects.create_user(email="sari@example.test", password="a long secret")
        self.order = Order.objects.create(customer=customer, contact_email=customer.email)
        self.payment = Payment.objects.create(
            order=self.order, provider=Payment.Provider.XENDIT, amount=Decimal("115000")
        )

    def test_capturing_twice_books_once(self):
        capture(self.payment.pk)
        capture(self.payment.pk)
        self.assertEqual(LedgerEntry.objects.count(), 2)
        self.assertEqual(unbalanced_payments("2000-01-01"), [])

    def test_the_order_is_paid(self):
        capture(self.payment.pk)
        self.order.refresh_from_db()
        self.assertEqual(self.order.status, Order.Status.PAID)

    def test_no_more_is_refunded_than_was_paid(self):
        refund_payment(self.payment, Decimal("100000"), "damaged", None)
        with self.assertRaises(ValueError):
            refund_payment(self.payment, Decimal("15000.01"), "again", None)
