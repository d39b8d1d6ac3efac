"""Run every night by the scheduler: `python manage.py shell -c "from orders import tasks; tasks.nightly()"`."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from orders.models import Cart, Order


def forget_old_carts():
    limit = timezone.now() - timedelta(days=settings.CART_LIFETIME_DAYS)
    deleted, _ = Cart.objects.filter(checked_out=False, updated_at__lt=limit).delete()
    return deleted


def cancel_unpaid_orders(hours=48):
    limit = timezone.now() - timedelta(hours=hours)
    return (
        Order.objects.awaiting_payment()
        .filter(placed_at__lt=limit, payments__isnull=True)
        .update(status=Order.Status.CANCELLED)
    )


def refresh_sales_totals():
    with connection.cursor() as cursor:
        cursor.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY orders_daily_sales")


def nightly():
    forget_old_carts()
    cancel_unpaid_orders()
    refresh_sales_totals()
