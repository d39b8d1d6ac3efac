/** Run every night: `node dist/jobs.js`. */
import { prisma } from "./lib/prisma.js";
import { forgetOldCarts } from "./services/carts.js";
import { cancelUnpaidOrders } from "./services/orders.js";
import { processDeliveries, unbalancedPayments } from "./services/payments.js";

const DAY_MS = 24 * 60 * 60 * 1000;

console.log(`${await forgetOldCarts()} carts forgotten`);
console.log(`${await cancelUnpaidOrders()} orders cancelled`);
await processDeliveries();
for (const { payment_id, difference } of await unbalancedPayments(new Date(Date.now() - 7 * DAY_MS))) {
  console.warn(`payment ${payment_id} is off by ${difference}`);
}
await prisma.$disconnect();
