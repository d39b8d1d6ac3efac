"""Prices, stock and search."""

from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Cast

from catalog.models import Book, Category, Contribution, PriceChange, Product, TaggedItem


@transaction.atomic
def change_price(product_id, new_price, changed_by=None):
    product = Product.objects.select_for_update().get(pk=product_id)
    if product.price == new_price:
        return product
    PriceChange.objects.create(
        product=product, old_price=product.price, new_price=new_price, changed_by=changed_by
    )
    product.price = new_price
    product.save(update_fields=["price", "updated_at"])
    return product


def reserve_stock(product_id, quantity):
    """Takes from the shelf only what is there. Says whether it could."""
    taken = Product.objects.filter(pk=product_id, stock_on_hand__gte=quantity).update(
        stock_on_hand=F("stock_on_hand") - quantity
    )
    return taken == 1


def books_of_author(author_slug):
    credits = Contribution.objects.select_related("author").order_by("position")
    return (
        Book.objects.on_sale()
        .filter(contributions__author__slug=author_slug)
        .select_related("publisher")
        .prefetch_related(Prefetch("contributions", queryset=credits), "categories")
        .order_by("-release_date")
        .distinct()
    )


def search_products(term, limit=20):
    return Product.objects.on_sale().filter(
        Q(title__icontains=term) | Q(description__icontains=term) | Q(sku__iexact=term)
    )[:limit]


def shelves_with_counts():
    return (
        Category.objects.annotate(
            product_count=Count("products", filter=Q(products__status="active"), distinct=True)
        )
        .filter(product_count__gt=0)
        .values("slug", "name", "product_count")
    )


def tagged_products(tag_name):
    product_type = ContentType.objects.get_for_model(Product)
    tagged = TaggedItem.objects.filter(
        content_type=product_type,
        object_id=Cast(OuterRef("pk"), CharField()),
        tag__name=tag_name,
    )
    return Product.objects.filter(Exists(tagged)).exclude(status=Product.Status.RETIRED)


def cheapest_days(product_id, days=90):
    """The lowest price of each of the last days, for the "was" price that the law asks for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_trunc('day', changed_at) AS day, min(new_price) AS lowest "
            "FROM catalog_pricechange "
            "WHERE product_id = %s AND changed_at >= now() - make_interval(days => %s) "
            "GROUP BY 1 ORDER BY 1",
            [product_id, days],
        )
        return cursor.fetchall()


def raise_prices(publisher_id, percent):
    """A publisher's new list prices, in one statement."""
    factor = Decimal(1) + Decimal(percent) / 100
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_product SET price = round(price * %s, 2) WHERE publisher_id = %s",
            [factor, publisher_id],
        )
        return cursor.rowcount
