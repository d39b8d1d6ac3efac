from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_refunds"),
    ]

    operations = [
        migrations.RenameField(
            model_name="payment",
            old_name="external_id",
            new_name="provider_reference",
        ),
        migrations.AddField(
            model_name="payment",
            name="raw_response",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.RunSQL("DELETE FROM payments_payment WHERE provider_reference = '' AND status = 90"),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_reference", ""), _negated=True),
                fields=("provider", "provider_reference"),
                name="unique_provider_reference",
            ),
        ),
    ]
