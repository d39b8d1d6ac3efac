import { notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";
import type { ReviewInput } from "../schemas/reviews.js";

export async function publishedReviews(slug: string) {
  return prisma.review.findMany({
    where: { status: "PUBLISHED", product: { slug } },
    select: {
      id: true,
      rating: true,
      title: true,
      body: true,
      helpfulCount: true,
      createdAt: true,
      author: { select: { firstName: true } },
    },
    orderBy: [{ helpfulCount: "desc" }, { createdAt: "desc" }],
  });
}

export async function writeReview(slug: string, authorId: number, input: ReviewInput) {
  const product = await prisma.product.findUnique({ where: { slug }, select: { id: true } });
  if (!product) throw notFoundError("Product");
  const bought = await prisma.orderItem.findFirst({
    where: { productId: product.id, order: { customerId: authorId, status: "DELIVERED" } },
    select: { id: true },
  });
  return prisma.review.create({
    data: { ...input, productId: product.id, authorId, orderItemId: bought?.id ?? null },
  });
}

export async function vote(reviewId: number, userId: number, helpful: boolean) {
  await prisma.reviewVote.upsert({
    where: { reviewId_userId: { reviewId, userId } },
    create: { reviewId, userId, helpful },
    update: { helpful },
  });
  const helpfulCount = await prisma.reviewVote.count({ where: { reviewId, helpful: true } });
  await prisma.review.update({ where: { id: reviewId }, data: { helpfulCount } });
  return helpfulCount;
}

export async function waitingReviews() {
  return prisma.review.findMany({ where: { status: "WAITING" }, orderBy: { createdAt: "asc" }, take: 100 });
}

export async function moderate(id: number, status: "PUBLISHED" | "HIDDEN") {
  return prisma.review.update({ where: { id }, data: { status } });
}

export async function deleteOwnReview(id: number, authorId: number) {
  const { count } = await prisma.review.deleteMany({ where: { id, authorId } });
  if (count === 0) throw notFoundError("Review");
}
