import { randomInt } from "node:crypto";
import { Prisma } from "@prisma/client";
import { conflict, notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";
import type { Checkout, ShipmentInput } from "../schemas/orders.js";

const NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

function orderNumber(): string {
  return Array.from({ length: 10 }, () => NUMBER_ALPHABET[randomInt(NUMBER_ALPHABET.length)]).join("");
}

async function findCoupon(tx: Prisma.TransactionClient, code: string) {
  const now = new Date();
  return tx.coupon.findFirst({
    where: { code: { equals: code, mode: "insensitive" }, startsAt: { lte: now }, endsAt: { gt: now } },
  });
}

/** Turns a cart into an order. Without enough stock nothing changes. */
export async function checkOut(cartId: string, customerId: number, input: Checkout) {
  return prisma.$transaction(
    async (tx) => {
      const cart = await tx.cart.findUnique({
        where: { id: cartId, checkedOut: false },
        include: { items: { include: { product: true } } },
      });
      if (!cart) throw notFoundError("Cart");

      for (const item of cart.items) {
        const { count } = await tx.product.updateMany({
          where: { id: item.productId, stockOnHand: { gte: item.quantity } },
          data: { stockOnHand: { decrement: item.quantity } },
        });
        if (count === 0) throw conflict(`Not enough copies of ${item.product.title}.`);
      }

      const coupon = input.couponCode ? await findCoupon(tx, input.couponCode) : null;
      const sum = cart.items.reduce(
        (total, item) => total.add(item.product.price.mul(item.quantity)),
        new Prisma.Decimal(0),
      );
      const total = coupon ? sum.mul(100 - coupon.percentOff).div(100) : sum;

      const order = await tx.order.create({
        data: {
          number: orderNumber(),
          customerId,
          shippingAddressId: input.addressId,
          contactEmail: input.contactEmail,
          couponId: coupon?.id ?? null,
          total: total.toDecimalPlaces(2),
          items: {
            create: cart.items.map((item) => ({
              productId: item.productId,
              quantity: item.quantity,
              unitPrice: item.product.price,
            })),
          },
          events: { create: { kind: "placed", actorId: customerId } },
        },
        include: { items: true },
      });
      await tx.cart.update({ where: { id: cartId }, data: { checkedOut: true } });
      return order;
    },
    { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead },
  );
}

export async function listOrders(customerId: number, cursor?: string) {
  return prisma.order.findMany({
    where: { customerId },
    include: { _count: { select: { items: true } }, shipment: true },
    orderBy: { placedAt: "desc" },
    take: 20,
    ...(cursor ? { cursor: { id: cursor }, skip: 1 } : {}),
  });
}

export async function getOrder(id: string) {
  const order = await prisma.order.findUnique({
    where: { id },
    include: { items: { include: { product: true } }, shipment: true, payments: true },
  });
  if (!order) throw notFoundError("Order");
  return order;
}

export async function cancelOrder(id: string, customerId: number) {
  const { count } = await prisma.order.updateMany({
    where: { id, customerId, status: { in: ["PENDING", "PAID"] } },
    data: { status: "CANCELLED" },
  });
  if (count === 0) throw conflict("Too late to cancel.");
}

export async function ship(orderId: string, input: ShipmentInput, actorId: number) {
  await prisma.$transaction([
    prisma.shipment.upsert({
      where: { orderId },
      create: { orderId, shippedAt: new Date(), ...input },
      update: { shippedAt: new Date(), ...input },
    }),
    prisma.order.update({ where: { id: orderId }, data: { status: "SHIPPED" } }),
    prisma.orderEvent.create({ data: { orderId, actorId, kind: "shipped", payload: input } }),
  ]);
}

export async function orderEvents(orderId: string) {
  return prisma.orderEvent.findMany({ where: { orderId }, orderBy: { occurredAt: "asc" } });
}

export async function cancelUnpaidOrders(hours = 48) {
  return prisma.$executeRaw`
    UPDATE orders
    SET status = 'CANCELLED', updated_at = now()
    WHERE status = 'PENDING'
      AND placed_at < now() - make_interval(hours => ${hours}::int)
      AND NOT EXISTS (SELECT 1 FROM payments WHERE payments.order_id = orders.id)
  `;
}

export async function packingList() {
  return prisma.order.findMany({
    where: { status: "PAID" },
    select: {
      number: true,
      items: { select: { quantity: true, product: { select: { title: true, sku: true } } } },
    },
    orderBy: { placedAt: "asc" },
  });
}

export const coupons = {
  list: () => prisma.coupon.findMany({ orderBy: { startsAt: "desc" } }),
  create: (data: Prisma.CouponCreateInput) => prisma.coupon.create({ data }),
  remove: (id: number) => prisma.coupon.delete({ where: { id } }),
};
