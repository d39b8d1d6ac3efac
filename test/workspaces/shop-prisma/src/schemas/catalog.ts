import { z } from "zod";

export const productInput = z.object({
  sku: z.string().max(32),
  title: z.string().max(200),
  slug: z.string().max(220),
  description: z.string().default(""),
  price: z.number().nonnegative(),
  currency: z.enum(["IDR", "USD", "EUR"]).default("IDR"),
  releaseDate: z.coerce.date().nullable().default(null),
  publisherId: z.number().int().nullable().default(null),
  categoryIds: z.array(z.number().int()).default([]),
  tags: z.array(z.string().max(40)).default([]),
});

export const productChange = productInput.omit({ categoryIds: true, tags: true }).partial();

export const priceInput = z.object({ price: z.number().nonnegative() });

export const productQuery = z.object({
  q: z.string().trim().optional(),
  category: z.string().optional(),
  tag: z.string().optional(),
  publisherId: z.coerce.number().int().optional(),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(24),
});

export type ProductInput = z.infer<typeof productInput>;
export type ProductChange = z.infer<typeof productChange>;
export type ProductQuery = z.infer<typeof productQuery>;
