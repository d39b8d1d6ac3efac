import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { Model } from "../../workspace/ir/model.ts";

const FIELD_TYPES = [
  "string",
  "text",
  "integer",
  "bigint",
  "decimal",
  "float",
  "boolean",
  "date",
  "datetime",
  "uuid",
  "json",
] as const;
export type FieldKind = (typeof FIELD_TYPES)[number];

const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/, "letters, digits and _, beginning with a letter");

export const modelSpecSchema = z.strictObject({
  name: identifier.describe("in the singular: Comment"),
  path: z.string().default("").describe("where it belongs: an app, a module, a service of the workspace"),
  fields: z
    .array(
      z.strictObject({
        name: identifier.describe("without _id for a reference"),
        type: z.enum(FIELD_TYPES).default("string"),
        length: z.int().positive().max(10_000).optional().describe("of a string; 200 when absent"),
        nullable: z.boolean().default(false),
        unique: z.boolean().default(false),
        indexed: z.boolean().default(false),
        default: z.union([z.string(), z.number(), z.boolean()]).optional(),
        references: z
          .string()
          .min(1)
          .optional()
          .describe("a model: then this is a foreign key, and type does not count"),
        on_delete: z.enum(["cascade", "restrict", "set-null"]).default("cascade"),
      }),
    )
    .min(1)
    .max(60),
  timestamps: z.boolean().default(false).describe("adds created_at and updated_at"),
});
export type ModelSpec = z.output<typeof modelSpecSchema>;
export type FieldSpec = ModelSpec["fields"][number];

export const targetSchema = z.strictObject({
  model: z.string().min(1).describe("a model of the workspace"),
});

/** What a generator looks at, and nothing else. */
export interface GeneratorContext {
  readonly catalog: Catalog;
  /** Null when there is no such file. */
  readText(uri: string): Promise<string | null>;
  /** Files of a folder, by uri, the nearest first. */
  list(folder: string): Promise<readonly string[]>;
}

/** Files as they would be. */
export interface Generated {
  readonly files: readonly { readonly uri: string; readonly content: string }[];
  readonly notes: readonly string[];
}

/** What is made for one framework. What it cannot make is null. */
export interface StackGenerator {
  readonly title: string;
  readonly model: ((spec: ModelSpec, context: GeneratorContext) => Promise<Generated>) | null;
  readonly viewset: ((model: Model, context: GeneratorContext) => Promise<Generated>) | null;
  readonly test: ((model: Model, context: GeneratorContext) => Promise<Generated>) | null;
}

/** A model that a field refers to. @throws CONTEXT_NOT_FOUND, AMBIGUOUS_TARGET */
export function referenced({ references }: FieldSpec, catalog: Catalog): Model | null {
  return references === undefined ? null : catalog.findModel(references);
}

/** @throws TOOL_INPUT_INVALID when there is a model of that name where this one goes */
export function demandNew(name: string, uri: string, { catalog }: GeneratorContext): void {
  const twin = catalog.models.find((model) => model.name === name && folderOf(model.uri) === folderOf(uri));
  if (twin)
    throw new AksaraError(
      "TOOL_INPUT_INVALID",
      `There is a model ${twin.qualifiedName} already, in ${twin.uri}.`,
      {
        hint: "Change it with patch_file.",
      },
    );
}

export function folderOf(uri: string): string {
  return uri.includes("/") ? uri.slice(0, uri.lastIndexOf("/")) : "";
}

export function fileIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** `OrderLine` → `order_line`. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** `order_line` → `orderLine`. */
export function camel(name: string): string {
  const text = snake(name).replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `order_line` → `OrderLine`. */
export function pascal(name: string): string {
  const text = camel(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `order_line` → `order-line`. */
export function kebab(name: string): string {
  return snake(name).replaceAll("_", "-");
}

export function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** A text with a part put in behind the last match of a pattern; null when nothing matches. */
export function insertAfterLast(text: string, pattern: RegExp, part: string): string | null {
  const last = [...text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`))].at(-1);
  if (!last) return null;
  const end = last.index + last[0].length;
  return text.slice(0, end) + part + text.slice(end);
}

/** A module with another definition at its end, two blank lines before it. */
export function appended(text: string, part: string, blank = 2): string {
  const head = text.trimEnd();
  return head === "" ? part : `${head}${"\n".repeat(blank + 1)}${part}`;
}
