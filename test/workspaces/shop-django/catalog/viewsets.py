from rest_framework import mixins, permissions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from catalog.models import Author, Book, Category, Product, Publisher
from catalog.permissions import IsMerchandiser, PublicRead
from catalog.serializers import (
    AuthorSerializer,
    BookSerializer,
    CategorySerializer,
    PriceChangeSerializer,
    PriceSerializer,
    ProductSerializer,
    PublisherSerializer,
)
from catalog.services import change_price


class ProductViewSet(viewsets.ModelViewSet):
    serializer_class = ProductSerializer
    lookup_field = "slug"

    def get_queryset(self):
        products = Product.objects.with_ratings().select_related("publisher").order_by("title")
        if self.request.user.is_staff:
            return products
        return products.on_sale()

    def get_permissions(self):
        if self.action in ["list", "retrieve", "price_history"]:
            return [permissions.AllowAny()]
        return [IsMerchandiser()]

    @action(detail=False)
    def low_stock(self, request):
        page = self.paginate_queryset(Product.objects.low_on_stock())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(detail=True, methods=["post"], url_path="price", serializer_class=PriceSerializer)
    def set_price(self, request, slug=None):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        product = self.get_object()
        change_price(product.pk, serializer.validated_data["price"], changed_by=request.user)
        return Response(status=204)

    @action(detail=True, methods=["get"], url_path="price-history", url_name="price-history")
    def price_history(self, request, slug=None):
        changes = self.get_object().price_changes.order_by("-changed_at")[:50]
        return Response(PriceChangeSerializer(changes, many=True).data)


class BookViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = (
        Book.objects.on_sale()
        .select_related("publisher")
        .prefetch_related("contributions__author")
        .order_by("title")
    )
    serializer_class = BookSerializer
    permission_classes = [permissions.AllowAny]
    lookup_field = "isbn13"
    lookup_value_regex = "[0-9]{13}"

    @action(
        detail=True,
        methods=["post", "delete"],
        permission_classes=[IsMerchandiser],
    )
    def feature(self, request, isbn13=None):
        book = self.get_object()
        book.attributes["featured"] = request.method == "POST"
        book.save(update_fields=["attributes", "updated_at"])
        return Response(status=204)


class AuthorViewSet(viewsets.ModelViewSet):
    queryset = Author.objects.all()
    serializer_class = AuthorSerializer
    permission_classes = [PublicRead | IsMerchandiser]
    lookup_field = "slug"


class CategoryViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):
    queryset = Category.objects.select_related("parent")
    serializer_class = CategorySerializer
    permission_classes = [PublicRead | IsMerchandiser]


class PublisherViewSet(viewsets.ModelViewSet):
    """Guarded by the default of the settings alone: any customer may edit publishers."""

    queryset = Publisher.objects.all()
    serializer_class = PublisherSerializer
