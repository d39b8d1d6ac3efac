import { z } from "zod";

export const reviewInput = z.object({
  rating: z.number().int().min(1).max(5),
  title: z.string().max(120),
  body: z.string().max(5_000),
});

export const voteInput = z.object({ helpful: z.boolean() });

export type ReviewInput = z.infer<typeof reviewInput>;
