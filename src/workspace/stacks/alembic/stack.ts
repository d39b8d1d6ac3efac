import { NOTHING, type Stack } from "../stack.ts";
import { extractAlembicFacts } from "./extract.ts";
import type { AlembicFacts } from "./facts.ts";
import { resolveMigrations } from "./migrations.ts";

/** Alembic, also as Flask-Migrate runs it. */
export const alembicStack: Stack<AlembicFacts> = {
  id: "alembic",
  title: "Alembic",
  languages: ["python"],
  version: 2,
  handsPlacesOn: true,
  // Column types of the project are used by its migrations.
  marker: /down_revision|TypeDecorator|UserDefinedType/,
  extract: extractAlembicFacts,
  resolve(facts) {
    const migrations = resolveMigrations(facts);
    return migrations.length === 0 ? NOTHING : { ...NOTHING, migrations };
  },
};
