import { Router } from "express";
import { requireAuth, requireRole, userIdOf } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { reviewInput, voteInput } from "../schemas/reviews.js";
import * as reviews from "../services/reviews.js";

export const reviewsRouter = Router();

reviewsRouter
  .route("/catalog/products/:slug/reviews")
  .get(async (req, res) => {
    res.json(await reviews.publishedReviews(req.params.slug));
  })
  .post(requireAuth, validate(reviewInput), async (req, res) => {
    res.status(201).json(await reviews.writeReview(req.params.slug as string, userIdOf(req), req.body));
  });

reviewsRouter.put("/reviews/:reviewId/vote", requireAuth, validate(voteInput), async (req, res) => {
  const count = await reviews.vote(Number(req.params.reviewId), userIdOf(req), req.body.helpful);
  res.json({ helpfulCount: count });
});

reviewsRouter.delete("/reviews/:reviewId", requireAuth, async (req, res) => {
  await reviews.deleteOwnReview(Number(req.params.reviewId), userIdOf(req));
  res.status(204).end();
});

// From here on, only moderators.
reviewsRouter.use("/moderation", requireAuth, requireRole("MODERATOR", "ADMIN"));

reviewsRouter.get("/moderation/reviews", async (_req, res) => {
  res.json(await reviews.waitingReviews());
});

reviewsRouter.post("/moderation/reviews/:reviewId/publish", async (req, res) => {
  res.json(await reviews.moderate(Number(req.params.reviewId), "PUBLISHED"));
});

reviewsRouter.post("/moderation/reviews/:reviewId/hide", async (req, res) => {
  res.json(await reviews.moderate(Number(req.params.reviewId), "HIDDEN"));
});
