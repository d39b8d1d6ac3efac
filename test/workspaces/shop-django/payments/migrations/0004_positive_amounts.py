from django.db import migrations, models


class Migration(migrations.Migration):
    """The check is added without looking at the rows and validated afterwards, so that payments go on."""

    atomic = False

    dependencies = [
        ("payments", "0003_provider_reference"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE payments_payment ADD CONSTRAINT payment_amount_positive CHECK (amount > 0) NOT VALID",
                    reverse_sql="ALTER TABLE payments_payment DROP CONSTRAINT payment_amount_positive",
                ),
                migrations.RunSQL(
                    sql="ALTER TABLE payments_payment VALIDATE CONSTRAINT payment_amount_positive",
                    reverse_sql=migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payment_amount_positive"
                    ),
                ),
            ],
        ),
    ]
