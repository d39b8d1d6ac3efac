import type { Gap } from "../../ir/entry.ts";
import type { Query } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import { parsePrismaSchema } from "../../languages/prisma/parser.ts";
import { type ModuleNames, NameResolver } from "../../languages/typescript/name-resolution.ts";
import type { UseFact } from "../../languages/typescript/name-uses.ts";
import { type ProjectConfig, readProjectConfig } from "../../languages/typescript/project-config.ts";
import { rangeOf, type Span } from "../../source.ts";
import { type Contribution, type FactsByUri, NOTHING, type Stack } from "../stack.ts";
import { extractCode } from "./extract-code.ts";
import type { PrismaFacts } from "./facts.ts";
import { ModelLookup } from "./model-lookup.ts";
import { modelsOf } from "./models.ts";
import { delegateQuery, QueryIds, rawQuery } from "./queries.ts";
import { schemaProjects } from "./schema-project.ts";

/** Prisma: schemas (one file or a folder), calls of the client, raw SQL. Migrations are plain SQL and read as such. */
export const prismaStack: Stack<PrismaFacts> = {
  id: "prisma",
  title: "Prisma",
  languages: ["prisma", "typescript", "json"],
  version: 2,
  handsPlacesOn: true,
  marker:
    /[pP]risma|\.(?:findMany|findUnique|findFirst|findUniqueOrThrow|findFirstOrThrow)\(|\b(?:db|tx|trx)\.\w+\.\w+\(|\b(?:model|view|enum|type|datasource|generator)\s+\w+\s*\{|"compilerOptions"|"name"\s*:/,
  extract(file) {
    switch (file.language) {
      case "prisma":
        return { kind: "schema", file: parsePrismaSchema(file.text) };
      case "typescript":
        return codeFacts(file);
      case "json": {
        const config = readProjectConfig(file.uri, file.text);
        return config && { kind: "config", config };
      }
      default:
        return null;
    }
  },
  resolve(facts) {
    const projects = schemaProjects(facts);
    const lookup = new ModelLookup(projects);
    if (lookup.isEmpty) return { ...NOTHING, gaps: schemaGaps(facts) };
    return {
      ...codeContribution(facts, lookup),
      models: projects.flatMap(modelsOf),
      gaps: schemaGaps(facts),
    };
  },
};

function codeFacts(file: ParsedFile): PrismaFacts | null {
  const module = file.typescript();
  return module && extractCode(module);
}

function codeContribution(facts: FactsByUri<PrismaFacts>, lookup: ModelLookup): Contribution {
  const queries: Query[] = [];
  const uses: ModelUse[] = [];
  const ids = new QueryIds();
  const resolver = resolverOf(facts);
  for (const [uri, fact] of facts) {
    if (fact.kind !== "code") continue;
    const counted = new Set<string>();
    const use = (modelId: string, span: Span, hash: string, within: string | null, line: string) => {
      const key = span.join(":");
      if (counted.has(key)) return;
      counted.add(key);
      uses.push({ modelId, uri, range: rangeOf(span), hash, within, line });
    };
    for (const call of fact.calls) {
      const model = lookup.byDelegate(uri, call.delegate);
      if (!model) continue;
      queries.push(delegateQuery(uri, call, model, ids));
      use(model.id, call.delegateSpan, call.delegateHash, call.within, call.line);
    }
    for (const call of fact.raw) {
      const query = rawQuery(uri, call, lookup, ids);
      queries.push(query);
      for (const modelId of query.modelIds) {
        uses.push({
          modelId,
          uri,
          range: query.range,
          hash: query.hash,
          within: call.within,
          line: call.line,
        });
      }
    }
    for (const type of fact.types) {
      const modelId = usedModel(uri, type, lookup, resolver);
      if (modelId !== null) use(modelId, type.span, type.hash, type.within, type.line);
    }
  }
  return { ...NOTHING, queries, uses };
}

/** The model that a name in a file stands for: a type of the generated client, or a delegate without a call. */
function usedModel(uri: string, type: UseFact, lookup: ModelLookup, resolver: NameResolver): string | null {
  const [root = "", member] = type.name.split(".");
  if (member !== undefined && /^[a-z_$]/.test(root) && /^[a-z]/.test(member)) {
    return lookup.byDelegate(uri, member)?.id ?? null;
  }
  const imported = resolver.imported(uri, root);
  if (!imported) return null;
  const origin = resolver.resolve(uri, root);
  const generated =
    (origin !== null && lookup.isGenerated(origin)) || lookup.isGeneratedPath(uri, imported.module);
  if (!generated) return null;
  const own = origin?.kind === "package" ? origin.name : imported.name;
  const name = member === undefined ? own : type.name;
  return lookup.byGeneratedName(uri, name)?.id ?? null;
}

function resolverOf(facts: FactsByUri<PrismaFacts>): NameResolver {
  const files = new Map<string, ModuleNames>();
  const configs = new Map<string, ProjectConfig>();
  for (const [uri, fact] of facts) {
    if (fact.kind === "code") files.set(uri, fact.names);
    if (fact.kind === "config") configs.set(uri, fact.config);
  }
  return new NameResolver(files, configs);
}

function schemaGaps(facts: FactsByUri<PrismaFacts>): readonly Gap[] {
  return [...facts].flatMap(([uri, fact]) =>
    fact.kind !== "schema"
      ? []
      : fact.file.errors.map(({ span, hash }) => ({
          what: `line ${span[0] + 1} of a Prisma schema`,
          why: "it is not in the schema language, or not finished",
          source: { uri, range: rangeOf(span), hash },
        })),
  );
}
