import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { extractCode } from "./extract.ts";
import type { MongooseFacts } from "./facts.ts";
import { modelsOf } from "./models.ts";
import { QueryBuilder } from "./queries.ts";
import { SchemaTable } from "./schema-table.ts";

/** Mongoose, also by the decorators of `@nestjs/mongoose`: documents of MongoDB, no tables. */
export const mongooseStack: Stack<MongooseFacts> = {
  id: "mongoose",
  title: "Mongoose",
  languages: ["typescript", "json"],
  version: 2,
  handsPlacesOn: true,
  marker:
    /[mM]ongoose|\.(?:findOne|findById\w*|findOneAnd\w+|countDocuments|estimatedDocumentCount|(?:update|delete)(?:One|Many)|insertMany|bulkWrite)\(|(?<=\b[A-Z]\w*|[mM]odel)\.(?:find|create|aggregate|exists|distinct)\(|\btype\s*:\s*(?:String|Number|Boolean|Date|ObjectId)\b|\btimestamps\s*:\s*(?:true\b|\{)|\bexport\s+enum\s|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|"compilerOptions"|"name"\s*:/,
  extract(file) {
    if (file.language === "json") {
      const config = readProjectConfig(file.uri, file.text);
      return config && { kind: "config", config };
    }
    const module = file.typescript();
    return module && extractCode(module, file.text);
  },
  resolve(facts) {
    const declares = [...facts.values()].some(
      (fact) => fact.kind === "code" && (fact.schemas.length > 0 || fact.classes.length > 0),
    );
    if (!declares) return NOTHING;
    const table = new SchemaTable(facts);
    if (table.models.length === 0) return NOTHING;
    const builder = new QueryBuilder(table);
    for (const [uri, fact] of facts) if (fact.kind === "code") builder.add(uri, fact);
    return { ...NOTHING, models: modelsOf(table), queries: builder.queries, uses: builder.uses };
  },
};
