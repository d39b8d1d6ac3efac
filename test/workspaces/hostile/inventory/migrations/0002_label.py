from django.db import migrations, models


class Migration(migrations.Migration):
    """A second leaf: conflicts with 0002_price."""

    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.AddField("item", "label", models.CharField(max_length=80, default="")),
    ]
