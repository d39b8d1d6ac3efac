from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from catalog.querysets import CategoryManager, ProductQuerySet
from common.models import SoftDeleteMixin, TimeStampedModel, UUIDModel


class Currency(models.TextChoices):
    IDR = "IDR", _("Rupiah")
    USD = "USD", _("US dollar")
    EUR = "EUR", _("Euro")


def empty_attributes():
    return {"weight_grams": None, "dimensions_mm": []}


class Publisher(TimeStampedModel):
    name = models.CharField(max_length=160, unique=True)
    slug = models.SlugField(max_length=160, unique=True)
    country = models.CharField(max_length=2, default="ID")
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Author(TimeStampedModel):
    full_name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=160, unique=True)
    born_on = models.DateField(null=True, blank=True)
    biography = models.TextField(blank=True)
    influences = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="influenced"
    )

    class Meta:
        ordering = ["full_name"]
        indexes = [
            models.Index(Lower("full_name"), name="author_lower_name_idx"),
        ]

    def __str__(self):
        return self.full_name


class Category(models.Model):
    """A shelf. Shelves stand in a tree of at most three levels."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryManager()

    class Meta:
        ordering = ["parent__name", "position"]
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["parent", "slug"], name="unique_category_slug_in_parent"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent"),
        ]

    def __str__(self):
        return self.name


class Product(UUIDModel, TimeStampedModel, SoftDeleteMixin):
    """Anything with a price tag. Books add their own columns in a table beside this one."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("On sale")
        RETIRED = "retired", _("No longer sold")

    sku = models.CharField(_("SKU"), max_length=32, unique=True)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.IDR)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    stock_on_hand = models.PositiveIntegerField(default=0)
    release_date = models.DateField(null=True, blank=True)
    attributes = models.JSONField(default=empty_attributes, blank=True)
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    categories = models.ManyToManyField(Category, blank=True, related_name="products")
    tags = GenericRelation("catalog.TaggedItem")

    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-release_date"], name="product_status_release_idx"),
            models.Index(
                fields=["title"],
                condition=Q(deleted_at__isnull=True),
                name="product_title_alive_idx",
            ),
            models.Index(Lower("title"), name="product_lower_title_idx"),
            GinIndex(fields=["attributes"], name="product_attributes_gin"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative"),
        ]

    def __str__(self):
        return self.title


class ProductOnSale(Product):
    """What the shop window shows."""

    class Meta:
        proxy = True
        ordering = ["-release_date", "title"]


class Book(Product):
    class Binding(models.TextChoices):
        PAPERBACK = "paperback", _("Paperback")
        HARDCOVER = "hardcover", _("Hardcover")
        EBOOK = "ebook", _("E-book")

    isbn13 = models.CharField("ISBN-13", max_length=13, unique=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    binding = models.CharField(max_length=10, choices=Binding.choices, default=Binding.PAPERBACK)
    language = models.CharField(max_length=5, default="id", db_index=True)
    authors = models.ManyToManyField(Author, through="Contribution", related_name="books")


class Contribution(models.Model):
    """Who did what for a book, in the order of the title page."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        TRANSLATOR = "translator", _("Translator")
        ILLUSTRATOR = "illustrator", _("Illustrator")
        EDITOR = "editor", _("Editor")

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="contributions")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["book", "position"]
        unique_together = [("book", "author", "role")]


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class TaggedItem(models.Model):
    """A tag on a product, an author or a publisher."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="items")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=36)
    content_object = GenericForeignKey("content_type", "object_id")

    class Meta:
        db_table = "catalog_tagged_item"
        indexes = [models.Index(fields=["content_type", "object_id"], name="tagged_item_object_idx")]
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_type", "object_id"], name="unique_tag_per_object"
            ),
        ]


class PriceChange(models.Model):
    """The price history, written by `catalog.services.change_price`. About ten million rows."""

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="price_changes", db_index=False
    )
    old_price = models.DecimalField(max_digits=12, decimal_places=2)
    new_price = models.DecimalField(max_digits=12, decimal_places=2)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-changed_at"]
        get_latest_by = "changed_at"
