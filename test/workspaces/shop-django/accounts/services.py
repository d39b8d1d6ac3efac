"""What happens to accounts outside of a single request."""

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Address, LoyaltyAccount, User

TIER_LIMITS = [
    (5_000, LoyaltyAccount.Tier.PATRON),
    (1_000, LoyaltyAccount.Tier.COLLECTOR),
]


def award_points(user_id, points):
    """Adds points without losing a concurrent award, then lifts the tier if a limit was passed."""
    account, _ = LoyaltyAccount.objects.get_or_create(user_id=user_id)
    LoyaltyAccount.objects.filter(user_id=user_id).update(
        points=F("points") + points, last_earned_at=timezone.now()
    )
    account.refresh_from_db(fields=["points"])
    for limit, tier in TIER_LIMITS:
        if account.points >= limit:
            LoyaltyAccount.objects.filter(user_id=user_id).update(tier=tier)
            break
    return account


@transaction.atomic
def make_default_address(user, address_id):
    Address.objects.filter(user=user, is_default=True).update(is_default=False)
    return Address.objects.filter(user=user, pk=address_id).update(is_default=True)


def birthday_customers(day, month):
    return User.objects.filter(
        is_active=True,
        marketing_opt_in=True,
        date_of_birth__day=day,
        date_of_birth__month=month,
    ).only("id", "email", "first_name", "preferred_language")


def find_duplicate_phones():
    """Phone numbers that more than one active account gave."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT phone, count(*) AS accounts, min(date_joined) AS first_seen
            FROM accounts_user
            WHERE is_active AND phone <> %s
            GROUP BY phone
            HAVING count(*) > %s
            ORDER BY accounts DESC
            """,
            ["", 1],
        )
        return cursor.fetchall()
