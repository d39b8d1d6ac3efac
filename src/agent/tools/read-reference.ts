import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { defineTool } from "./tool.ts";

const PAGE = 16_000;

/** Gives the rest of an output that was too long to be shown whole. */
export const readReference = defineTool({
  name: "read_reference",
  description: "Reads on in a long output of an earlier call, by the id that stands where it was cut.",
  input: z.strictObject({
    id: z.string().min(8),
    offset: z.int().nonnegative().default(0).describe("characters to leave out at the beginning"),
  }),
  execute: async ({ id, offset }, { blobs, findReference }) => {
    const hash = findReference(id);
    const content = hash === null ? null : await blobs.get(hash);
    if (content === null)
      throw new AksaraError(
        "REFERENCE_NOT_FOUND",
        `There is no output with the id ${id} in this conversation.`,
      );
    const text = Buffer.from(content).toString("utf8");
    const page = text.slice(offset, offset + PAGE);
    const rest = text.length - offset - page.length;
    return {
      output: rest > 0 ? `${page}\n[${rest} characters follow; offset ${offset + page.length}]` : page,
    };
  },
});
