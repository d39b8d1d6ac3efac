import type { IncomingMessage } from "node:http";
import type * as z from "zod/mini";
import { TransportError } from "./transport-error.ts";

/** Bytes of the largest body. */
export const LARGEST_BODY = 1024 * 1024;

/**
 * The body of a request as the schema has it. Members that are null count as absent, since clients of other languages
 * send them so, but for forms in which null is a value.
 * @throws TransportError 413, 422
 */
export async function readBody<Schema extends z.ZodMiniType>(
  request: IncomingMessage,
  schema: Schema,
  nulls: "drop nulls" | "keep nulls" = "drop nulls",
): Promise<z.infer<Schema>> {
  const text = await readText(request);
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new TransportError(422, 'The body must be JSON: send "Content-Type: application/json".');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TransportError(
      422,
      `The body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = schema.safeParse(nulls === "drop nulls" ? withoutNulls(value) : value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TransportError(422, `${issue?.path.join(".") || "The body"}: ${issue?.message ?? "not valid"}`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const tooLarge = new TransportError(413, `The body is larger than ${LARGEST_BODY} bytes.`, {
    connection: "close",
  });
  if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
