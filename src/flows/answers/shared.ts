import * as z from "zod";

/** Ids of the facts a claim rests on; a claim without any is general knowledge and says so in its text. */
export const evidenceIds = z.array(z.string().regex(/^E\d+$/)).describe("Ids of supporting facts, e.g. E3");

export const severity = z.enum(["critical", "high", "medium", "low", "info"]);
export const effort = z.enum(["small", "medium", "large"]);
export const text = z.string().min(1);
export const unknowns = z.array(text).describe("What could not be known from the facts");
