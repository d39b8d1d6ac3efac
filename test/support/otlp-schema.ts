import * as z from "zod";

/*
 * A request of OTLP over HTTP in its JSON form, as the protocol's own definitions have it, with nothing besides: ids are
 * lower-case hex, 64-bit integers are texts, enumerations are numbers, and keys are in lowerCamelCase.
 */

const time = z.string().regex(/^\d{1,20}$/);

const anyValue: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(anyValue) }) }),
  ]),
);

const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value: anyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, "a key stands twice");

const span = z
  .strictObject({
    traceId: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/),
    spanId: z.string().regex(/^(?!0{16})[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^(?!0{16})[0-9a-f]{16}$/)
      .optional(),
    name: z.string().min(1),
    kind: z.int().min(0).max(5),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
  })
  .refine(
    ({ startTimeUnixNano, endTimeUnixNano }) => BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano),
    "a span ends before it begins",
  );

export const otlpTracesSchema = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes }),
        scopeSpans: z.array(
          z.strictObject({
            scope: z.strictObject({ name: z.string(), version: z.string().optional() }),
            spans: z.array(span).refine((spans) => {
              const ids = new Set(spans.map(({ spanId }) => spanId));
              return (
                ids.size === spans.length &&
                spans.every(({ parentSpanId }) => parentSpanId === undefined || ids.has(parentSpanId))
              );
            }, "an id stands twice, or a parent is not there"),
          }),
        ),
      }),
    )
    .min(1),
});
