from django.db import connection, transaction
from django.db.models import Avg, Count, OuterRef, Subquery

from orders.models import OrderItem
from reviews.models import ModerationNote, Review, ReviewVote


def link_purchase(review):
    """Marks a review as written by somebody who bought the product here."""
    item = OrderItem.objects.filter(
        order__customer_id=review.author_id,
        order__status="delivered",
        product_id=review.product_id,
    ).first()
    if item is not None:
        review.order_item = item
        review.save(update_fields=["order_item", "updated_at"])


@transaction.atomic
def vote(review, user, helpful):
    ReviewVote.objects.update_or_create(review=review, user=user, defaults={"helpful": helpful})
    count = ReviewVote.objects.filter(review=review, helpful=True).count()
    Review.objects.filter(pk=review.pk).update(helpful_count=count)
    return count


def rating_summary(product_id):
    return Review.objects.filter(product_id=product_id, status="published").aggregate(
        average=Avg("rating"), count=Count("pk")
    )


def waiting_with_last_note():
    last_note = (
        ModerationNote.objects.filter(review=OuterRef("pk")).order_by("-created_at").values("text")
    )
    return (
        Review.objects.filter(status=Review.Status.WAITING)
        .annotate(last_note=Subquery(last_note[:1]))
        .order_by("created_at")
    )


def has_reviewed(user, product_id):
    return Review.objects.filter(author=user, product_id=product_id).count() > 0


def top_reviewers(limit=10):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT author_id, count(*) AS reviews, sum(helpful_count) AS helpful "
            "FROM reviews_review WHERE status = %s AND deleted_at IS NULL "
            "GROUP BY author_id ORDER BY helpful DESC LIMIT %s",
            ["published", limit],
        )
        return cursor.fetchall()
