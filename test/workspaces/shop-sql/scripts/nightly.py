"""Run by cron every night: closes what nobody paid for, and makes room for the next year."""

import os
from datetime import date

import psycopg


def cancel_unpaid(cursor, hours):
    cursor.execute(
        """
        UPDATE orders
        SET status = 'cancelled'
        WHERE status = 'pending' AND placed_at < now() - make_interval(hours => %s)
        """,
        (hours,),
    )
    return cursor.rowcount


def low_stock(cursor, threshold):
    cursor.execute(
        "SELECT sku, title, stock_on_hand FROM products "
        "WHERE status = %(status)s AND stock_on_hand <= %(threshold)s "
        "ORDER BY stock_on_hand",
        {"status": "active", "threshold": threshold},
    )
    return cursor.fetchall()


def forget_customers_without_orders(cursor):
    cursor.execute(
        "SELECT id FROM customers WHERE created_at < now() - interval '3 years' "
        "AND id NOT IN (SELECT customer_id FROM orders)"
    )
    for (customer_id,) in cursor.fetchall():
        # One statement per customer.
        cursor.execute(
            "UPDATE customers SET full_name = 'forgotten', phone = NULL, address = NULL, "
            "date_of_birth = NULL WHERE id = %s",
            (customer_id,),
        )


def make_partition(cursor, year):
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS stock_movements_{year} PARTITION OF stock_movements "
        f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
    )


def main():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        print(cancel_unpaid(cursor, hours=48), "orders cancelled")
        for sku, title, left in low_stock(cursor, threshold=5):
            print(f"{sku} {title}: {left} left")
        forget_customers_without_orders(cursor)
        make_partition(cursor, date.today().year + 1)


if __name__ == "__main__":
    main()
