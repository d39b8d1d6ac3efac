import { AksaraError } from "../../errors.ts";
import type { Model } from "../../workspace/ir/model.ts";
import { expressRouter } from "./express-router.ts";
import {
  appended,
  camel,
  demandNew,
  type FieldSpec,
  type Generated,
  type GeneratorContext,
  type ModelSpec,
  pascal,
  plural,
  referenced,
  type StackGenerator,
  snake,
} from "./generator.ts";
import { prismaTest } from "./prisma-test.ts";

/** Prisma, with Express for routes. */
export const prismaGenerator: StackGenerator = {
  title: "Prisma with Express",
  model,
  viewset: expressRouter,
  test: prismaTest,
};

async function model(spec: ModelSpec, context: GeneratorContext): Promise<Generated> {
  const models = context.catalog.models.filter(({ stack }) => stack === "prisma");
  const targets = spec.fields.map((field) => referenced(field, context.catalog));
  const sibling =
    models.find(({ uri }) => spec.path !== "" && uri.includes(spec.path)) ??
    targets.find((each) => each !== null) ??
    models[0];
  if (!sibling) throw new AksaraError("TOOL_FAILED", "There is no schema of Prisma here.");
  const uri = sibling.uri;
  const name = pascal(spec.name);
  demandNew(name, uri, context);
  const source = (await context.readText(uri)) ?? "";
  // Tables and columns in another case are mapped where the others do it.
  const mapsTables = /@@map\("/.test(source);
  const mapsColumns = /@map\("/.test(source.replaceAll("@@map", ""));
  const column = (field: string) => (mapsColumns && snake(field) !== field ? ` @map("${snake(field)}")` : "");
  const lines: [string, string, string][] = [["id", "Int", "@id @default(autoincrement())"]];
  const indexes: string[] = [];
  const backs = new Map<Model, string>();
  for (const [at, field] of spec.fields.entries()) {
    const target = targets[at];
    const own = camel(field.name);
    const empty = field.nullable ? "?" : "";
    if (!target) {
      lines.push([own, `${TYPES[field.type]}${empty}`, attributes(field, column(own).trim())]);
      if (field.indexed && !field.unique) indexes.push(own);
      continue;
    }
    if (field.on_delete === "set-null" && !field.nullable)
      throw new AksaraError("TOOL_INPUT_INVALID", `${field.name}: set-null needs nullable.`);
    const key = target.fields.find(({ primaryKey }) => primaryKey);
    const actions = { cascade: "Cascade", restrict: "Restrict", "set-null": "SetNull" } as const;
    const isUuid = key?.type.logical === "uuid";
    const keyType =
      key === undefined || /int/.test(key.type.logical)
        ? key?.type.logical === "bigint"
          ? "BigInt"
          : "Int"
        : "String";
    lines.push([
      `${own}Id`,
      `${keyType}${empty}`,
      `${field.unique ? "@unique" : ""}${column(`${own}Id`)}${isUuid ? " @db.Uuid" : ""}`.trim(),
    ]);
    lines.push([
      own,
      `${target.name}${empty}`,
      `@relation(fields: [${own}Id], references: [${key?.name ?? "id"}], onDelete: ${actions[field.on_delete]})`,
    ]);
    if (!field.unique) indexes.push(`${own}Id`);
    backs.set(target, field.unique ? `  ${camel(name)} ${name}?` : `  ${camel(plural(name))} ${name}[]`);
  }
  if (spec.timestamps)
    lines.push(
      ["createdAt", "DateTime", `@default(now())${column("createdAt")}`],
      ["updatedAt", "DateTime", `@updatedAt${column("updatedAt")}`],
    );
  const width = [0, 1].map((part) => Math.max(...lines.map((line) => (line[part] ?? "").length)));
  const rows = lines.map(([a, b, c]) =>
    `  ${a.padEnd(width[0] ?? 0)} ${b.padEnd(width[1] ?? 0)} ${c}`.trimEnd(),
  );
  const after = [
    ...indexes.map((each) => `  @@index([${each}])`),
    ...(mapsTables ? [`  @@map("${plural(snake(name))}")`] : []),
  ];
  const body = `model ${name} {\n${[...rows, ...(after.length > 0 ? ["", ...after] : [])].join("\n")}\n}\n`;
  const files = new Map([[uri, appended(source, body, 1)]]);
  for (const [target, line] of backs) {
    const text = files.get(target.uri) ?? (await context.readText(target.uri)) ?? "";
    files.set(target.uri, withBack(text, target.name, line));
  }
  return {
    files: [...files].map(([file, content]) => ({ uri: file, content })),
    notes: ["create_migration writes the migration for it; `prisma generate` then knows it."],
  };
}

/** A model with the other side of a relation, behind its last field. */
function withBack(source: string, name: string, line: string): string {
  return source.replace(
    new RegExp(`(^model ${name} \\{\\n)([\\s\\S]*?)(\\n\\})`, "m"),
    (_, head: string, body: string, end: string) => {
      const at = body.search(/\n\s*\n\s*@@|\n\s*@@/);
      return at === -1
        ? `${head}${body}\n${line}${end}`
        : `${head}${body.slice(0, at)}\n${line}${body.slice(at)}${end}`;
    },
  );
}

const TYPES: Readonly<Record<FieldSpec["type"], string>> = {
  string: "String",
  text: "String",
  integer: "Int",
  bigint: "BigInt",
  decimal: "Decimal",
  float: "Float",
  boolean: "Boolean",
  date: "DateTime",
  datetime: "DateTime",
  uuid: "String",
  json: "Json",
};

function attributes(field: FieldSpec, mapped: string): string {
  const native: Readonly<Partial<Record<FieldSpec["type"], string>>> = {
    string: `@db.VarChar(${field.length ?? 200})`,
    decimal: "@db.Decimal(12, 2)",
    date: "@db.Date",
    uuid: "@db.Uuid",
  };
  const value = typeof field.default === "string" ? JSON.stringify(field.default) : field.default;
  return [
    field.unique ? "@unique" : "",
    value === undefined ? "" : `@default(${value})`,
    mapped,
    native[field.type] ?? "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}
