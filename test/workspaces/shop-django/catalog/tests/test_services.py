from decimal import Decimal

from django.test import TestCase

from catalog.models import PriceChange, Product
from catalog.services import change_price, reserve_stock, search_products


def make_product(**overrides):
    fields = {
        "sku": "LON-0001",
        "title": "Laut Bercerita",
        "slug": "laut-bercerita",
        "price": Decimal("115000"),
        "status": Product.Status.ACTIVE,
        "stock_on_hand": 3,
    }
    return Product.objects.create(**{**fields, **overrides})


class PriceTests(TestCase):
    def test_a_change_is_remembered(self):
        product = make_product()
        change_price(product.pk, Decimal("99000"))
        change = PriceChange.objects.get(product=product)
        self.assertEqual((change.old_price, change.new_price), (Decimal("115000"), Decimal("99000")))

    def test_the_same_price_is_no_change(self):
        product = make_product()
        change_price(product.pk, product.price)
        self.assertFalse(PriceChange.objects.exists())


class StockTests(TestCase):
    def test_never_more_than_there_is(self):
        product = make_product()
        self.assertTrue(reserve_stock(product.pk, 2))
        self.assertFalse(reserve_stock(product.pk, 2))


class SearchTests(TestCase):
    def test_drafts_are_not_found(self):
        make_product()
        make_product(sku="LON-0002", slug="laut-2", status=Product.Status.DRAFT)
        self.assertEqual([p.sku for p in search_products("laut")], ["LON-0001"])
