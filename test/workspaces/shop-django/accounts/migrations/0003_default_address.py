from django.db import migrations, models


def choose_default_addresses(apps, schema_editor):
    """The oldest address of every customer becomes the default one."""
    Address = apps.get_model("accounts", "Address")
    seen = set()
    for address in Address.objects.order_by("user_id", "pk").iterator():
        if address.user_id not in seen:
            seen.add(address.user_id)
            Address.objects.filter(pk=address.pk).update(is_default=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_contact_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="address",
            name="is_default",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(choose_default_addresses, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("user",),
                name="one_default_address_per_user",
            ),
        ),
    ]
