from aksara.migrations import Migration
from aksara.migrations import operations as op


class Migration(Migration):
    dependencies = [("shop", "shop_0001_initial")]

    operations = [
        op.AddField(table="products", name="stock", field=op.IntegerField(default=0)),
        op.AddIndex(
            index=op.IndexOp(name="idx_products_stock", table="products", columns=["stock"], where="stock > 0"),
            concurrently=True,
        ),
        op.AlterFieldNull(table="tags", name="label", nullable=True),
        op.AddConstraint(table="products", name="stock_counts", constraint_sql="CHECK (stock >= 0)"),
        op.RunSQL(sql="UPDATE products SET stock = 1", reverse_sql="UPDATE products SET stock = 0"),
        op.RemoveField(table="products", name="sizes"),
    ]
