import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import catalog.models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_price_history_and_tags"),
    ]

    operations = [
        migrations.RunSQL(
            sql="UPDATE catalog_product SET title = title || ': ' || subtitle WHERE subtitle <> ''",
        ),
        migrations.RemoveField(
            model_name="product",
            name="subtitle",
        ),
        migrations.AddField(
            model_name="product",
            name="attributes",
            field=models.JSONField(blank=True, default=catalog.models.empty_attributes),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                django.db.models.functions.text.Lower("title"), name="product_lower_title_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["attributes"], name="product_attributes_gin"
            ),
        ),
    ]
