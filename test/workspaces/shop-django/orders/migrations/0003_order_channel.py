from django.db import migrations, models


def guess_channel(apps, schema_editor):
    """Orders without an address were collected at the till."""
    Order = apps.get_model("orders", "Order")
    for order in Order.objects.filter(shipping_address__isnull=True):
        order.channel = "shop"
        order.save()


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_history_and_quotes"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="channel",
            field=models.CharField(default="web", max_length=12),
        ),
        migrations.RunPython(guess_channel),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["channel"], name="order_channel_idx"),
        ),
    ]
