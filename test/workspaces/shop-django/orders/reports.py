"""Reports in SQL, where the ORM would be in the way."""

from django.db import connection

from orders.models import Order

BEST_SELLERS = """
    SELECT p.id, p.title, sum(i.quantity) AS copies, sum(i.quantity * i.unit_price) AS revenue
    FROM orders_orderitem i
    JOIN lontar_order o ON o.id = i.order_id
    JOIN catalog_product p ON p.id = i.product_id
    WHERE o.placed_at >= %(since)s AND o.status <> 'cancelled'
    GROUP BY p.id, p.title
    ORDER BY copies DESC
    LIMIT %(limit)s
"""


def best_sellers(since, limit=10):
    with connection.cursor() as cursor:
        cursor.execute(BEST_SELLERS, {"since": since, "limit": limit})
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row)) for row in cursor.fetchall()]


def monthly_revenue(year):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(month FROM placed_at)::int AS month, sum(total) AS revenue
            FROM lontar_order
            WHERE extract(year FROM placed_at) = %s
            GROUP BY 1
            ORDER BY 1
            """,
            [year],
        )
        return cursor.fetchall()


def orders_of_city(city):
    return Order.objects.raw(
        "SELECT o.* FROM lontar_order o "
        "JOIN accounts_address a ON a.id = o.shipping_address_id "
        "WHERE lower(a.city) = lower(%s) ORDER BY o.placed_at DESC",
        [city],
    )


def customers_without_orders():
    """For the letter that wins them back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, email FROM accounts_user "
            "WHERE id NOT IN (SELECT customer_id FROM lontar_order WHERE placed_at > now() - interval '1 year')"
        )
        return cursor.fetchall()
