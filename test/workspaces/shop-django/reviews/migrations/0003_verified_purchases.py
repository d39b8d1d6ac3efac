import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count, Q


def count_votes(apps, schema_editor):
    Review = apps.get_model("reviews", "Review")
    counted = Review.objects.annotate(n=Count("votes", filter=Q(votes__helpful=True)))
    for review in counted.filter(n__gt=0).iterator():
        Review.objects.filter(pk=review.pk).update(helpful_count=review.n)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_history_and_quotes"),
        ("reviews", "0002_moderation"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="order_item",
            field=models.ForeignKey(
                blank=True,
                help_text="Set when the author bought the product here.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.orderitem",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="helpful_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_votes, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="review",
            name="language",
        ),
    ]
