from django.test import TestCase
from django.urls import reverse

from catalog.tests.test_services import make_product


class ProductApiTests(TestCase):
    def test_anyone_may_look(self):
        make_product()
        response = self.client.get(reverse("catalog:product-list"))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["results"][0]["slug"], "laut-bercerita")

    def test_visitors_may_not_change_prices(self):
        product = make_product()
        url = reverse("catalog:product-set-price", kwargs={"slug": product.slug})
        self.assertEqual(self.client.post(url, {"price": "1"}).status_code, 403)
