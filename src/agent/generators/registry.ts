import { AksaraError } from "../../errors.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { djangoGenerator } from "./django.ts";
import type { StackGenerator } from "./generator.ts";
import { nestGenerator } from "./nest.ts";
import { sqlGenerator } from "./plain-sql.ts";
import { prismaGenerator } from "./prisma.ts";
import { sqlalchemyGenerator } from "./sqlalchemy.ts";

/** Generators by the stack that a model belongs to. A new framework is one file and one line here. */
const GENERATORS: Readonly<Record<string, StackGenerator>> = {
  django: djangoGenerator,
  sqlalchemy: sqlalchemyGenerator,
  prisma: prismaGenerator,
  typeorm: nestGenerator,
  sql: sqlGenerator,
};

/**
 * The generator for models at a place of the workspace: that of the framework most of them have there.
 * @throws TOOL_FAILED with what is possible
 */
export function generatorAt(catalog: Catalog, path: string): StackGenerator {
  const near = catalog.models.filter(
    ({ uri }) => path === "" || uri.startsWith(path) || uri.includes(`/${path}/`),
  );
  const counts = new Map<string, number>();
  for (const { stack } of near.length > 0 ? near : catalog.models)
    counts.set(stack, (counts.get(stack) ?? 0) + 1);
  // A few tables in scripts beside a framework's models do not make it a project of SQL.
  const stacks = [...counts]
    .sort(([a, x], [b, y]) => Number(a === "sql") - Number(b === "sql") || y - x)
    .map(([stack]) => stack);
  const found = stacks.map((stack) => GENERATORS[stack]).find((each) => each !== undefined);
  if (found) return found;
  throw noGenerator(stacks[0] ?? catalog.report.stacks[0]?.title ?? null);
}

/** @throws TOOL_FAILED with what is possible */
export function generatorOf(stack: string): StackGenerator {
  const found = GENERATORS[stack];
  if (found) return found;
  throw noGenerator(stack);
}

function noGenerator(stack: string | null): AksaraError {
  const titles = Object.values(GENERATORS).map(({ title }) => title);
  return new AksaraError(
    "TOOL_FAILED",
    stack === null
      ? "No framework was recognised here, so nobody knows what to generate."
      : `Nothing is generated for ${stack}.`,
    {
      hint: `Code is generated for ${titles.join(", ")}. Write the files with write_file, in the form of those that are there.`,
    },
  );
}
