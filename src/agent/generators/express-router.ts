import { AksaraError } from "../../errors.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import {
  camel,
  fileIn,
  folderOf,
  type Generated,
  type GeneratorContext,
  insertAfterLast,
  kebab,
  plural,
} from "./generator.ts";
import { routeStyle } from "./route-style.ts";
import { inStyle, relativeImport, scriptStyle, withScriptImport } from "./script-style.ts";

/** A router of Express with the five usual routes on Prisma, guarded as its siblings are. */
export async function expressRouter(target: Model, context: GeneratorContext): Promise<Generated> {
  const sibling = await routeStyle(context);
  const { style, client, guard, hasZod } = sibling;
  const isTyped = sibling.uri.endsWith(".ts");
  const path = plural(kebab(target.name));
  const uri = fileIn(folderOf(sibling.uri), `${path}${/\.\w+$/.exec(sibling.uri)?.[0] ?? ".ts"}`);
  if ((await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const key = target.fields.find(({ primaryKey }) => primaryKey);
  if (!key) throw new AksaraError("TOOL_FAILED", `${target.name} has no key of one field to find a row by.`);
  const router = `${camel(plural(target.name))}Router`;
  const rows = `${client.name}.${camel(target.name)}`;
  const isNumber = /^(?:integer|smallint)$/.test(key.type.logical);
  const id = isNumber
    ? "Number(req.params.id)"
    : key.type.logical === "bigint"
      ? "BigInt(req.params.id)"
      : `req.params.id${isTyped ? " as string" : ""}`;
  const guarded = guard === null ? "" : `${guard.name}, `;
  const input = target.fields.filter(
    ({ column, primaryKey, generated, default: value }) =>
      column !== null &&
      !primaryKey &&
      !generated &&
      value?.kind !== "database" &&
      !/@updatedAt/.test(value?.text ?? ""),
  );
  const writable = input.filter(
    ({ name, type }) => type.logical !== "unknown" && !/^(?:createdAt|updatedAt)$/.test(name),
  );
  const shape = writable.map((field) => `  ${field.name}: ${zodType(field)},`).join("\n");
  const kept = `function inputOf(body${isTyped ? ": Record<string, unknown>" : ""}) {\n  const names = [${writable.map(({ name }) => `"${name}"`).join(", ")}];\n  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));\n}\n`;
  const parse = (partial: boolean) =>
    hasZod
      ? `input${partial ? ".partial()" : ""}.parse(req.body)`
      : `inputOf(req.body)${isTyped ? " as never" : ""}`;
  const imports = [
    `import { Router } from "express";`,
    ...(hasZod
      ? [
          /from ["']zod["']/.test(sibling.source)
            ? /import \* as z from/.test(sibling.source)
              ? `import * as z from "zod";`
              : `import { z } from "zod";`
            : `import { z } from "zod";`,
        ]
      : []),
    `import { ${client.name} } from "${relativeImport(uri, client.uri, style.extension)}";`,
    ...(guard === null
      ? []
      : [
          `import { ${guard.name} } from "${relativeImport(uri, `${guard.from.replace(/\.\w+$/, "")}.ts`, style.extension)}";`,
        ]),
  ];
  const body = `${imports.join("\n")}

${hasZod ? `const input = z.object({\n${shape}\n});\n` : kept}
export const ${router} = Router();

${router}.get("/", ${guarded}async (req, res) => {
  const take = Math.min(Number(req.query.limit) || 50, 200);
  res.json(await ${rows}.findMany({ take, skip: Number(req.query.offset) || 0, orderBy: { ${key.name}: "asc" } }));
});

${router}.get("/:id", ${guarded}async (req, res) => {
  const row = await ${rows}.findUnique({ where: { ${key.name}: ${id} } });
  if (row) res.json(row);
  else res.status(404).end();
});

${router}.post("/", ${guarded}async (req, res) => {
  res.status(201).json(await ${rows}.create({ data: ${parse(false)} }));
});

${router}.patch("/:id", ${guarded}async (req, res) => {
  res.json(await ${rows}.update({ where: { ${key.name}: ${id} }, data: ${parse(true)} }));
});

${router}.delete("/:id", ${guarded}async (req, res) => {
  await ${rows}.delete({ where: { ${key.name}: ${id} } });
  res.status(204).end();
});
`;
  const files = [{ uri, content: inStyle(body, style) }];
  const mounted = await mount(router, path, uri, context);
  if (mounted) files.push(mounted);
  return {
    files,
    notes: [
      guard === null
        ? "No guard of a sibling was found to follow: everybody may change rows. Add one."
        : `Every route asks ${guard.name}.`,
      ...(mounted ? [] : ["Mount the router where the others are mounted."]),
    ],
  };
}

function zodType(field: Field): string {
  const { type, nullable, default: value } = field;
  const bases: Readonly<Partial<Record<Field["type"]["logical"], string>>> = {
    integer: "z.number().int()",
    smallint: "z.number().int()",
    bigint: "z.coerce.bigint()",
    float: "z.number()",
    decimal: "z.coerce.number()",
    boolean: "z.boolean()",
    date: "z.coerce.date()",
    datetime: "z.coerce.date()",
    json: "z.any()",
  };
  const text =
    type.values.length > 0
      ? `z.enum([${type.values.map((each) => `"${each}"`).join(", ")}])`
      : `z.string()${type.length === null ? "" : `.max(${type.length})`}`;
  const base = type.array ? `z.array(${bases[type.logical] ?? text})` : (bases[type.logical] ?? text);
  return `${base}${nullable ? ".nullable()" : ""}${nullable || value !== null ? ".optional()" : ""}`;
}

/** The file that mounts the other routers, with this one. */
async function mount(
  router: string,
  path: string,
  uri: string,
  context: GeneratorContext,
): Promise<Generated["files"][number] | null> {
  const folder = folderOf(uri);
  const candidates = [
    ...new Set(
      ["index", "app", "server"].flatMap((name) =>
        [folder, folderOf(folder)].flatMap((each) =>
          ["ts", "js"].map((ending) => fileIn(each, `${name}.${ending}`)),
        ),
      ),
    ),
  ];
  for (const file of candidates) {
    const text = await context.readText(file);
    const [, hub] =
      /^\s*(\w+)\.use\("\/[^"]*",[^\n]*\w+Router\)/m.exec(text?.replaceAll("'", '"') ?? "") ?? [];
    if (text === null || hub === undefined) continue;
    const style = scriptStyle(text);
    const line = inStyle(`${hub}.use("/${path}", ${router});\n`, style);
    const mounted = insertAfterLast(
      text,
      new RegExp(`^\\s*${hub}\\.use\\(["']/[^\\n]*Router\\);?\\n`, "m"),
      line,
    );
    if (mounted === null) continue;
    const imported = inStyle(
      `import { ${router} } from "${relativeImport(file, uri, style.extension)}";`,
      style,
    );
    return { uri: file, content: withScriptImport(mounted, imported) };
  }
  return null;
}
