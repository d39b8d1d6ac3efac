import { conflict, notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";
import { awardPoints } from "./accounts.js";

const RUPIAH_PER_POINT = 10_000;

export async function startPayment(orderId: string, customerId: number, provider: "MIDTRANS" | "XENDIT") {
  const order = await prisma.order.findFirst({
    where: { id: orderId, customerId, status: "PENDING" },
    select: { id: true, total: true },
  });
  if (!order) throw notFoundError("Order");
  return prisma.payment.create({ data: { orderId: order.id, provider, amount: order.total } });
}

/** The money is there. Safe to call twice. */
export async function capture(paymentId: string) {
  const payment = await prisma.$transaction(async (tx) => {
    const { count } = await tx.payment.updateMany({
      where: { id: paymentId, status: { not: "CAPTURED" } },
      data: { status: "CAPTURED", capturedAt: new Date() },
    });
    if (count === 0) return null;
    const captured = await tx.payment.findUniqueOrThrow({
      where: { id: paymentId },
      include: { order: { select: { customerId: true } } },
    });
    await tx.order.update({ where: { id: captured.orderId }, data: { status: "PAID" } });
    const minor = BigInt(captured.amount.mul(100).toFixed(0));
    await tx.ledgerEntry.createMany({
      data: [
        { paymentId, account: "cash", amountMinor: minor, bookedOn: new Date() },
        { paymentId, account: "sales", amountMinor: -minor, bookedOn: new Date() },
      ],
    });
    return captured;
  });
  if (payment) {
    await awardPoints(payment.order.customerId, Math.floor(payment.amount.toNumber() / RUPIAH_PER_POINT));
  }
}

export async function refundPayment(paymentId: string, amount: number, reason: string, userId: number) {
  const payment = await prisma.payment.findUnique({ where: { id: paymentId }, include: { refunds: true } });
  if (!payment) throw notFoundError("Payment");
  const refunded = payment.refunds.reduce((sum, refund) => sum + refund.amount, 0);
  if (refunded + amount > payment.amount.toNumber()) throw conflict("More than was paid.");
  return prisma.refund.create({ data: { paymentId, amount, reason, requestedById: userId } });
}

export async function recordDelivery(provider: "MIDTRANS" | "XENDIT", event: { id: string; reference?: string }) {
  await prisma.webhookDelivery.upsert({
    where: { delivery: { provider, eventId: event.id } },
    create: { provider, eventId: event.id, body: event },
    update: { attempts: { increment: 1 } },
  });
}

export async function processDeliveries() {
  const waiting = await prisma.webhookDelivery.findMany({
    where: { processedAt: null, attempts: { lt: 5 } },
    orderBy: { receivedAt: "asc" },
    take: 100,
  });
  for (const delivery of waiting) {
    const { reference } = delivery.body as { reference?: string };
    const payment = await prisma.payment.findFirst({
      where: { provider: delivery.provider, providerReference: reference ?? "" },
    });
    if (!payment) continue;
    await capture(payment.id);
    await prisma.webhookDelivery.update({
      where: { delivery: { provider: delivery.provider, eventId: delivery.eventId } },
      data: { processedAt: new Date() },
    });
  }
}

export async function listLedger() {
  return prisma.ledgerEntry.findMany({ include: { payment: true }, orderBy: [{ bookedOn: "asc" }, { id: "asc" }] });
}

export async function unbalancedPayments(since: Date) {
  return prisma.$queryRaw<{ payment_id: string; difference: bigint }[]>`
    SELECT payment_id, sum(amount_minor) AS difference
    FROM ledger_entries
    WHERE booked_on >= ${since}
    GROUP BY payment_id
    HAVING sum(amount_minor) <> 0
  `;
}
