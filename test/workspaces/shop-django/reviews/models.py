from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import SoftDeleteMixin, TimeStampedModel


class Review(SoftDeleteMixin, TimeStampedModel):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for moderation")
        PUBLISHED = "published", _("Published")
        HIDDEN = "hidden", _("Hidden")

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="reviews"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews"
    )
    order_item = models.ForeignKey(
        "orders.OrderItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Set when the author bought the product here."),
    )
    rating = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=5_000)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    helpful_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["product", "-created_at"],
                condition=Q(status="published"),
                name="review_published_idx",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="review_rating_in_range"
            ),
            models.UniqueConstraint(
                fields=["product", "author"],
                condition=Q(deleted_at__isnull=True),
                name="one_review_per_author",
            ),
        ]


class ReviewVote(models.Model):
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    helpful = models.BooleanField()

    class Meta:
        unique_together = [("review", "user")]


class ModerationNote(TimeStampedModel):
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="moderation_notes")
    moderator = models.ForeignKey(
        "accounts.StaffMember", on_delete=models.PROTECT, related_name="moderation_notes"
    )
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True)
    text = models.TextField()
