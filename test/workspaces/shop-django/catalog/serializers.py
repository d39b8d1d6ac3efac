from rest_framework import serializers

from catalog.models import Author, Book, Category, Contribution, PriceChange, Product, Publisher


class PublisherSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publisher
        fields = ["id", "name", "slug", "country", "website"]


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "full_name", "slug", "born_on", "biography"]


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ["id", "name", "slug", "parent", "position"]


class ContributionSerializer(serializers.ModelSerializer):
    author = AuthorSerializer(read_only=True)

    class Meta:
        model = Contribution
        fields = ["author", "role", "position"]


class ProductSerializer(serializers.ModelSerializer):
    rating = serializers.FloatField(read_only=True)
    review_count = serializers.IntegerField(read_only=True)
    publisher_name = serializers.CharField(source="publisher.name", read_only=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "sku",
            "title",
            "slug",
            "description",
            "price",
            "currency",
            "status",
            "stock_on_hand",
            "release_date",
            "attributes",
            "publisher",
            "publisher_name",
            "categories",
            "rating",
            "review_count",
        ]


class BookSerializer(ProductSerializer):
    contributions = ContributionSerializer(many=True, read_only=True)

    class Meta(ProductSerializer.Meta):
        model = Book
        fields = ProductSerializer.Meta.fields + [
            "isbn13",
            "pages",
            "binding",
            "language",
            "contributions",
        ]


class PriceSerializer(serializers.Serializer):
    price = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)


class PriceChangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = PriceChange
        fields = ["old_price", "new_price", "changed_at"]
