import { notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";

const CART_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

export async function openCart(userId?: number) {
  return prisma.cart.create({ data: { userId: userId ?? null } });
}

export async function getCart(id: string) {
  const cart = await prisma.cart.findUnique({
    where: { id, checkedOut: false },
    include: {
      items: { include: { product: { select: { title: true, price: true, slug: true } } } },
    },
  });
  if (!cart) throw notFoundError("Cart");
  return cart;
}

export async function putItem(cartId: string, productId: string, quantity: number) {
  return prisma.cartItem.upsert({
    where: { cartId_productId: { cartId, productId } },
    create: { cartId, productId, quantity },
    update: { quantity: { increment: quantity } },
  });
}

export async function setQuantity(cartId: string, productId: string, quantity: number) {
  return prisma.cartItem.update({
    where: { cartId_productId: { cartId, productId } },
    data: { quantity },
  });
}

export async function removeItem(cartId: string, productId: string) {
  await prisma.cartItem.delete({ where: { cartId_productId: { cartId, productId } } });
}

export async function forgetOldCarts() {
  const { count } = await prisma.cart.deleteMany({
    where: { checkedOut: false, updatedAt: { lt: new Date(Date.now() - CART_LIFETIME_MS) } },
  });
  return count;
}
