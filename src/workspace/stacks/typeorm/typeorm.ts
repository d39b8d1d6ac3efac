import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { EntityTable } from "./entities.ts";
import { extractCode } from "./extract.ts";
import type { TypeormFacts } from "./facts.ts";
import { migrationsOf } from "./migrations.ts";
import { modelsOf } from "./models.ts";
import { QueryBuilder } from "./queries.ts";

const DRIVERS: readonly (readonly [RegExp, string])[] = [
  [/"(?:pg|@electric-sql\/pglite|@neondatabase\/serverless)"\s*:/, "postgres"],
  [/"(?:mysql2?|mariadb)"\s*:/, "mysql"],
  [/"(?:better-sqlite3|sqlite3)"\s*:/, "sqlite"],
];

/** TypeORM: entities in both notations, migrations, repositories and query builders. */
export const typeormStack: Stack<TypeormFacts> = {
  id: "typeorm",
  title: "TypeORM",
  languages: ["typescript", "json"],
  version: 3,
  handsPlacesOn: true,
  marker:
    /typeorm|Repository\b|[mM]anager\.\w+\(|\benum\s+\w+\s*\{|\.(?:findOne(?:By)?|createQueryBuilder|findBy|findAndCount)\(|\bextends\s+\w+|\b(?:primary|createDate|updateDate|nullable)\s*:\s*(?:true|false)|\btype\s*:\s*(?:String|Number|Boolean)\b|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|"compilerOptions"|"name"\s*:/,
  extract(file) {
    if (file.language === "json") {
      const config = readProjectConfig(file.uri, file.text);
      return (
        config && { kind: "config", config, driver: config.kind === "package" ? driverIn(file.text) : null }
      );
    }
    const module = file.typescript();
    return module && extractCode(module, file.text);
  },
  resolve(facts) {
    const table = new EntityTable(facts);
    const migrations = migrationsOf(table, facts);
    if (table.entities.length === 0) return { ...NOTHING, migrations };
    const builder = new QueryBuilder(table);
    for (const [uri, fact] of facts) if (fact.kind === "code") builder.add(uri, fact);
    return { ...NOTHING, models: modelsOf(table), queries: builder.queries, migrations, uses: builder.uses };
  },
};

function driverIn(text: string): string | null {
  const found = DRIVERS.filter(([pattern]) => pattern.test(text));
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}
