from enum import Enum

from aksara import CASCADE, PROTECT, SET_NULL, Model, TenantModel, fields


class Status(str, Enum):
    OPEN = "open"
    PAID = "paid"
    SHIPPED = "shipped"


class Sellable(Model):
    """What has a price."""

    __abstract__ = True

    name = fields.String(max_length=120, ai_description="Shown to customers")
    price = fields.Decimal(max_digits=12, decimal_places=2)


class Category(Model):
    slug = fields.Slug(unique=True)
    parent = fields.ForeignKey("self", on_delete=SET_NULL, nullable=True, related_name="children")


class Product(Sellable):
    """One thing on a shelf."""

    sku = fields.String(32, unique=True)
    category = fields.ForeignKey(Category, on_delete=PROTECT, related_name="products")
    tags = fields.ManyToMany("Tag", related_name="products")
    attributes = fields.JSON(default=dict)
    sizes = fields.Array(item_type=int)
    stock = fields.Integer(default=0, db_index=True)

    class Meta:
        ordering = ["name"]
        indexes = [("category", "stock")]


class Tag(Model):
    label = fields.String(max_length=40)


class Customer(TenantModel):
    email = fields.Email(unique=True)
    last_address = fields.IPAddress(nullable=True)

    class Meta:
        table_name = "shop_customers"


class Loyalty(Model):
    customer = fields.OneToOne(Customer, on_delete="cascade", related_name="loyalty")
    points = fields.PositiveInteger(default=0)


class Order(Model):
    customer = fields.ForeignKey("Customer", on_delete=CASCADE)
    status = fields.Enum(Status, default=Status.OPEN)
    placed_on = fields.Date()
    note = fields.Text(nullable=True)
