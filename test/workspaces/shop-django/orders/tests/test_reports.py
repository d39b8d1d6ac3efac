from django.test import TestCase
from django.utils import timezone

from accounts.models import User
from catalog.tests.test_services import make_product
from orders.models import Order, OrderItem
from orders.reports import best_sellers, customers_without_orders, monthly_revenue


class ReportTests(TestCase):
    def setUp(self):
        customer = User.objects.create_user(email="sari@example.test", password="a long secret")
        User.objects.create_user(email="budi@example.test", password="a long secret")
        self.order = Order.objects.create(
            customer=customer, contact_email=customer.email, total=345_000
        )
        OrderItem.objects.create(
            order=self.order, product=make_product(), quantity=3, unit_price=115_000
        )

    def test_best_sellers_count_copies(self):
        self.assertEqual(best_sellers("2000-01-01")[0]["copies"], 3)

    def test_revenue_by_month(self):
        now = timezone.localtime()
        self.assertEqual(monthly_revenue(now.year), [(now.month, self.order.total)])

    def test_who_never_ordered(self):
        self.assertEqual([email for _, email in customers_without_orders()], ["budi@example.test"])
