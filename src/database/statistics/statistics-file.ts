import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { Statistics } from "./statistics.ts";
import { STATISTICS_FILE } from "./statistics-name.ts";

const share = z.number().min(0).max(1);

/**
 * Sizes and spreads of a database: counts and fractions only. What a column holds is not in it, so that it can be kept
 * with the code.
 */
export const statisticsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  /** `PostgreSQL 17.2`. */
  engine: z.string(),
  /** Day it was taken, `2026-03-01`. */
  taken: z.string(),
  tables: z.array(
    z.strictObject({
      /** Without its schema when that is `public`. */
      table: z.string().min(1),
      rows: z.number().nonnegative(),
      columns: z
        .array(
          z.strictObject({
            column: z.string().min(1),
            null_fraction: share,
            average_width: z.number().nonnegative(),
            /** A count when positive, a share of the rows when negative (-1: unique), as PostgreSQL keeps it. */
            distinct: z.number().min(-1),
            /** Shares of the rows that hold the most common values, in falling order. */
            common_fractions: z.array(share).default([]),
            correlation: z.number().min(-1).max(1).nullable().default(null),
          }),
        )
        .default([]),
    }),
  ),
});
export type StatisticsFile = z.infer<typeof statisticsFileSchema>;

/**
 * Reads the text of a statistics file.
 * @throws SPEC_INVALID with the place of the first mistake
 */
export function parseStatistics(text: string): Statistics {
  const parsed = statisticsFileSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "not valid"}`);
  }
  const { taken, engine, tables } = parsed.data;
  return {
    source: `${STATISTICS_FILE} (${engine}, ${taken})`,
    hash: sha256(text),
    tables: tables.map(({ table, rows, columns }) => ({
      table,
      rows,
      columns: columns.map((column) => ({
        column: column.column,
        nullFraction: column.null_fraction,
        averageWidth: column.average_width,
        distinct: column.distinct,
        commonFractions: column.common_fractions,
        correlation: column.correlation,
      })),
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function invalid(what: string): AksaraError {
  return new AksaraError("SPEC_INVALID", `${STATISTICS_FILE} is not valid: ${what}.`, {
    hint: 'Write it anew with "aksara db statistics --url URL", or remove it: plans then rest on guesses, and say so.',
  });
}
