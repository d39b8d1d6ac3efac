import type { Prisma } from "@prisma/client";
import { notFoundError } from "../lib/errors.js";
import { prisma } from "../lib/prisma.js";
import type { ProductChange, ProductInput, ProductQuery } from "../schemas/catalog.js";

const onSale = { status: "ACTIVE", deletedAt: null } satisfies Prisma.ProductWhereInput;

export async function listProducts(query: ProductQuery) {
  const where: Prisma.ProductWhereInput = { ...onSale };
  if (query.q) where.title = { contains: query.q, mode: "insensitive" };
  if (query.category) where.categories = { some: { slug: query.category } };
  if (query.tag) where.tags = { some: { name: query.tag } };
  if (query.publisherId) where.publisherId = query.publisherId;

  const [products, total] = await Promise.all([
    prisma.product.findMany({
      where,
      include: { publisher: { select: { name: true, slug: true } } },
      orderBy: [{ releaseDate: { sort: "desc", nulls: "last" } }, { title: "asc" }],
      skip: (query.page - 1) * query.pageSize,
      take: query.pageSize,
    }),
    prisma.product.count({ where }),
  ]);
  return { products, total, page: query.page };
}

export async function findProduct(slug: string) {
  const product = await prisma.product.findFirst({
    where: { slug, status: "ACTIVE", deletedAt: null },
    include: {
      publisher: true,
      categories: true,
      tags: { select: { name: true } },
      book: { include: { contributions: { include: { author: true }, orderBy: { position: "asc" } } } },
    },
  });
  if (!product) throw notFoundError("Product");
  const rating = await prisma.review.aggregate({
    where: { productId: product.id, status: "PUBLISHED" },
    _avg: { rating: true },
    _count: true,
  });
  return { ...product, rating: rating._avg.rating, reviewCount: rating._count };
}

export async function findBookByIsbn(isbn: string) {
  const book = await prisma.book.findUnique({
    where: { isbn13: isbn },
    include: { product: { select: { slug: true } } },
  });
  if (!book) throw notFoundError("Book");
  return book;
}

export async function createProduct({ categoryIds, tags, ...fields }: ProductInput) {
  return prisma.product.create({
    data: {
      ...fields,
      categories: { connect: categoryIds.map((id) => ({ id })) },
      tags: { connectOrCreate: tags.map((name) => ({ where: { name }, create: { name } })) },
    },
  });
}

export async function updateProduct(slug: string, change: ProductChange) {
  return prisma.product.update({ where: { slug }, data: change });
}

export async function retireProduct(slug: string) {
  await prisma.product.update({
    where: { slug },
    data: { status: "RETIRED", deletedAt: new Date() },
  });
}

/** Sets the price and remembers the old one, or does neither. */
export async function changePrice(slug: string, price: number) {
  return prisma.$transaction(async (tx) => {
    const product = await tx.product.findUniqueOrThrow({
      where: { slug },
      select: { id: true, price: true },
    });
    if (product.price.equals(price)) return product;
    await tx.priceChange.create({
      data: { productId: product.id, oldPrice: product.price, newPrice: price },
    });
    return tx.product.update({
      where: { id: product.id },
      data: { price },
      select: { id: true, price: true },
    });
  });
}

export async function priceHistory(slug: string) {
  return prisma.priceChange.findMany({
    where: { product: { slug } },
    orderBy: { changedAt: "desc" },
    take: 50,
  });
}

export async function listShelves() {
  return prisma.category.findMany({
    where: { parentId: null },
    select: {
      slug: true,
      name: true,
      children: { select: { slug: true, name: true }, orderBy: { position: "asc" } },
      _count: { select: { products: { where: onSale } } },
    },
    orderBy: { position: "asc" },
  });
}

export async function authorWithBooks(slug: string) {
  const author = await prisma.author.findUnique({ where: { slug } });
  if (!author) throw notFoundError("Author");
  const credits = await prisma.contribution.findMany({ where: { authorId: author.id } });
  const books = [];
  for (const credit of credits) {
    // One more query per book.
    books.push(await prisma.book.findUnique({ where: { productId: credit.bookId }, include: { product: true } }));
  }
  return { ...author, books };
}

export async function updatePublisher(id: number, change: Prisma.PublisherUpdateInput) {
  return prisma.publisher.update({ where: { id }, data: change });
}

export async function lowStock(threshold = 5) {
  return prisma.product.findMany({
    where: { ...onSale, stockOnHand: { lte: threshold } },
    select: { sku: true, title: true, stockOnHand: true },
    orderBy: { stockOnHand: "asc" },
  });
}

export async function cheapestDays(productId: string, days = 90) {
  return prisma.$queryRaw<{ day: Date; lowest: Prisma.Decimal }[]>`
    SELECT date_trunc('day', changed_at) AS day, min(new_price) AS lowest
    FROM price_changes
    WHERE product_id = ${productId}::uuid
      AND changed_at >= now() - make_interval(days => ${days}::int)
    GROUP BY 1
    ORDER BY 1
  `;
}
