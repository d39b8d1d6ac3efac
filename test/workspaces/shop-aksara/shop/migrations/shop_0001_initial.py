from aksara.migrations import Migration
from aksara.migrations import operations as op


class Migration(Migration):
    dependencies = []

    operations = [
        op.CreateTable(
            name="categories",
            fields=[
                ("slug", op.SlugField(max_length=50, unique=True)),
                ("parent_id", op.ForeignKeyField("categories", on_delete="SET NULL", nullable=True)),
                ("id", op.UUIDField(primary_key=True)),
                ("created_at", op.DateTimeField(auto_now_add=True)),
                ("updated_at", op.DateTimeField(auto_now=True)),
            ],
        ),
        op.CreateTable(
            name="products",
            fields=[
                ("name", op.StringField(120)),
                ("price", op.DecimalField(max_digits=12, decimal_places=2)),
                ("sku", op.StringField(32, unique=True)),
                ("category_id", op.ForeignKeyField("categories", on_delete="RESTRICT")),
                ("attributes", op.JSONField()),
                ("sizes", op.ArrayField("INTEGER[]")),
                ("id", op.UUIDField(primary_key=True)),
                ("created_at", op.DateTimeField(auto_now_add=True)),
                ("updated_at", op.DateTimeField(auto_now=True)),
            ],
            indexes=[op.IndexOp(name="idx_products_name", table="products", columns=["name"])],
        ),
        op.CreateTable(
            name="tags",
            fields=[
                ("label", op.StringField(40)),
                ("id", op.UUIDField(primary_key=True)),
                ("created_at", op.DateTimeField(auto_now_add=True)),
                ("updated_at", op.DateTimeField(auto_now=True)),
            ],
        ),
        op.CreateManyToManyTable(source_table="products", target_table="tags", field_name="tags"),
    ]
