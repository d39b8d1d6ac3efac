from django.conf import settings
from django.db import models
from django.db.models import Avg, Count, Q

from common.models import SoftDeleteQuerySet


class ProductQuerySet(SoftDeleteQuerySet):
    def on_sale(self):
        return self.alive().filter(status="active")

    def in_stock(self):
        return self.filter(stock_on_hand__gt=0)

    def low_on_stock(self, threshold=None):
        limit = settings.LOW_STOCK_THRESHOLD if threshold is None else threshold
        return self.on_sale().filter(stock_on_hand__lte=limit).order_by("stock_on_hand")

    def with_ratings(self):
        published = Q(reviews__status="published")
        return self.annotate(
            rating=Avg("reviews__rating", filter=published),
            review_count=Count("reviews", filter=published),
        )


class CategoryManager(models.Manager):
    def roots(self):
        return self.filter(parent__isnull=True).order_by("position")
