from datetime import timedelta
from decimal import Decimal

from django.test import TestCase
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from catalog.tests.test_services import make_product
from orders.models import Cart, Coupon, Order
from orders.services import OutOfStock, add_to_cart, check_out, orders_for_packing_list


class CheckoutTests(TestCase):
    def setUp(self):
        self.customer = User.objects.create_user(email="sari@example.test", password="a long secret")
        self.product = make_product()
        self.cart = Cart.objects.create(user=self.customer)

    def check_out(self, **options):
        return check_out(self.cart.pk, self.customer, None, "sari@example.test", **options)

    def test_total_is_the_sum_of_the_lines(self):
        add_to_cart(self.cart, self.product.pk, 2)
        self.assertEqual(self.check_out().total, Decimal("230000.00"))

    def test_a_coupon_takes_its_percentage(self):
        Coupon.objects.create(
            code="HARBUKNAS", percent_off=10, ends_at=timezone.now() + timedelta(days=1)
        )
        add_to_cart(self.cart, self.product.pk)
        self.assertEqual(self.check_out(coupon_code="harbuknas").total, Decimal("103500.00"))

    def test_nothing_changes_without_stock(self):
        add_to_cart(self.cart, self.product.pk, 4)
        with self.assertRaises(OutOfStock):
            self.check_out()
        self.assertFalse(Order.objects.exists())
        self.assertEqual(Product.objects.get(pk=self.product.pk).stock_on_hand, 3)

    def test_packing_list_names_the_titles(self):
        add_to_cart(self.cart, self.product.pk)
        order = self.check_out()
        Order.objects.filter(pk=order.pk).update(status=Order.Status.PAID)
        self.assertEqual(orders_for_packing_list(), [(order.number, ["Laut Bercerita"])])
