import { Prisma } from "@prisma/client";
import { prisma } from "../lib/prisma.js";

export interface BestSeller {
  id: string;
  title: string;
  copies: bigint;
  revenue: Prisma.Decimal;
}

export async function bestSellers(since: Date, limit = 10) {
  return prisma.$queryRaw<BestSeller[]>(Prisma.sql`
    SELECT p.id, p.title, sum(i.quantity) AS copies, sum(i.quantity * i.unit_price) AS revenue
    FROM order_items i
    JOIN orders o ON o.id = i.order_id
    JOIN products p ON p.id = i.product_id
    WHERE o.placed_at >= ${since} AND o.status <> 'CANCELLED'
    GROUP BY p.id, p.title
    ORDER BY copies DESC
    LIMIT ${limit}
  `);
}

export async function revenueByStatus() {
  return prisma.order.groupBy({
    by: ["status"],
    _sum: { total: true },
    _count: { _all: true },
    orderBy: { status: "asc" },
  });
}

/** `sort` comes from the query string as it is. Known, and on the list to be fixed. */
export async function stockByPublisher(sort: string) {
  return prisma.$queryRawUnsafe<{ name: string; titles: bigint; units: bigint }[]>(
    "SELECT p.name, count(*) AS titles, sum(c.stock_on_hand) AS units " +
      "FROM products c JOIN publishers p ON p.id = c.publisher_id " +
      "WHERE c.deleted_at IS NULL GROUP BY p.name ORDER BY " +
      sort +
      " DESC",
  );
}

export async function ordersOfCity(city: string) {
  return prisma.$queryRawUnsafe<{ id: string; number: string }[]>(
    `SELECT o.id, o.number
     FROM orders o
     JOIN addresses a ON a.id = o.shipping_address_id
     WHERE lower(a.city) = lower($1)
     ORDER BY o.placed_at DESC`,
    city,
  );
}

export async function customersWithoutOrders() {
  return prisma.user.findMany({
    where: { role: "CUSTOMER", orders: { none: {} } },
    select: { id: true, email: true },
  });
}
