"""Imports the list of a publisher: a CSV file with isbn13, sku, title, price."""

import csv
import os
import re
import sys

import psycopg

INSERT_PRODUCT = """
    INSERT INTO products (sku, title, slug, price, publisher_id)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (sku) DO UPDATE SET title = excluded.title, price = excluded.price
    RETURNING id
"""


def slug_of(title, isbn):
    return re.sub(r"[^a-z0-9]+", "-", f"{title} {isbn}".lower()).strip("-")


def import_file(connection, path, publisher):
    read = skipped = 0
    with connection.cursor() as cursor, open(path, newline="", encoding="utf-8") as file:
        cursor.execute("SELECT id FROM publishers WHERE name = %s", [publisher])
        (publisher_id,) = cursor.fetchone()
        for row in csv.DictReader(file):
            read += 1
            if len(row["isbn13"]) != 13:
                skipped += 1
                continue
            slug = slug_of(row["title"], row["isbn13"])
            cursor.execute(INSERT_PRODUCT, [row["sku"], row["title"], slug, row["price"], publisher_id])
            (product_id,) = cursor.fetchone()
            cursor.execute(
                "INSERT INTO books (product_id, isbn13) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [product_id, row["isbn13"]],
            )
        cursor.execute(
            "INSERT INTO import_log (file_name, rows_read, rows_skipped) VALUES (%s, %s, %s)",
            [os.path.basename(path), read, skipped],
        )
    return read, skipped


if __name__ == "__main__":
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        print(import_file(connection, sys.argv[1], sys.argv[2]))
