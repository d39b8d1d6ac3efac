from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CREATE_DAILY_SALES = """
CREATE MATERIALIZED VIEW orders_daily_sales AS
SELECT o.placed_at::date AS day, i.product_id, sum(i.quantity) AS copies
FROM lontar_order o
JOIN orders_orderitem i ON i.order_id = o.id
WHERE o.status <> 'cancelled'
GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0003_order_channel"),
    ]

    operations = [
        migrations.RunSQL(
            sql=CREATE_DAILY_SALES,
            reverse_sql="DROP MATERIALIZED VIEW orders_daily_sales",
        ),
        migrations.RunSQL(
            sql="CREATE UNIQUE INDEX orders_daily_sales_key ON orders_daily_sales (day, product_id)",
            reverse_sql="DROP INDEX orders_daily_sales_key",
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["customer", "-placed_at"], name="order_customer_placed_idx"
            ),
        ),
    ]
