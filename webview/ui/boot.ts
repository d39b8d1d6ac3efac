import type * as z from "zod/mini";

/**
 * The data the host put into the page when it made it.
 * @throws Error when the block is missing or does not fit the schema: host and page are then of different versions.
 */
export function readBoot<T>(schema: z.ZodMiniType<T>): T {
  const block = document.getElementById("aksara-boot");
  if (block === null) throw new Error("The page has no boot data.");
  return schema.parse(JSON.parse(block.textContent ?? ""));
}
