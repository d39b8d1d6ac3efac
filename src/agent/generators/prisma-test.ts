import { AksaraError } from "../../errors.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import { camel, fileIn, folderOf, type Generated, type GeneratorContext, kebab } from "./generator.ts";
import { nearest, routeStyle } from "./route-style.ts";
import { inStyle, relativeImport, scriptStyle } from "./script-style.ts";

/** A test that makes a row and finds it again, in the runner that the project has. */
export async function prismaTest(target: Model, context: GeneratorContext): Promise<Generated> {
  const sibling = await routeStyle(context);
  const manifest = (await nearest("package.json", sibling.uri, context)) ?? "";
  const [root = ""] = sibling.uri.split("/");
  const tests = [
    ...(await context.list("test")),
    ...(await context.list("tests")),
    ...(await context.list(root)),
  ].filter((uri) => /\.(?:test|spec)\.\w+$/.test(uri));
  const example = tests[0] ? ((await context.readText(tests[0])) ?? "") : "";
  const style = scriptStyle(example === "" ? sibling.source : example);
  const ending = /\.(?:test|spec)\.\w+$/.exec(tests[0] ?? "")?.[0] ?? ".test.ts";
  const uri = fileIn(tests[0] ? folderOf(tests[0]) : "test", `${kebab(target.name)}${ending}`);
  if ((await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const runner = /"vitest"\s*:/.test(manifest) ? "vitest" : /"jest"\s*:/.test(manifest) ? "jest" : "node";
  const values = target.fields
    .filter(
      ({ column, nullable, generated, default: value, primaryKey }) =>
        column !== null && !nullable && !generated && value === null && !primaryKey,
    )
    .filter(
      ({ column }) =>
        !target.relations.some(
          ({ direction, columns }) => direction === "forward" && columns.includes(column ?? ""),
        ),
    );
  const parents = target.relations.filter(
    ({ direction, columns, targetId }) =>
      direction === "forward" &&
      columns.length === 1 &&
      targetId !== target.id &&
      target.fields.some(({ column, nullable }) => column === columns[0] && !nullable),
  );
  const client = sibling.client;
  const rows = `${client.name}.${camel(target.name)}`;
  const key = target.fields.find(({ primaryKey }) => primaryKey)?.name ?? "id";
  const imports =
    runner === "node"
      ? [`import assert from "node:assert/strict";`, `import { after, test } from "node:test";`]
      : runner === "vitest"
        ? [`import { afterAll, expect, test } from "vitest";`]
        : [];
  const same = (a: string, b: string) =>
    runner === "node" ? `assert.deepEqual(${a}, ${b})` : `expect(${a}).toEqual(${b})`;
  const made = parents.map(
    ({ name, target: other }) =>
      `  const ${name} = await ${client.name}.${camel(other.split(".").at(-1) ?? other)}.findFirstOrThrow();`,
  );
  const data = [
    ...values.map((field) => `${field.name}: ${sampleOf(field)}`),
    ...parents.map(
      ({ name, targetColumns }) =>
        `${name}: { connect: { ${targetColumns[0] ?? "id"}: ${name}.${targetColumns[0] ?? "id"} } }`,
    ),
  ];
  const body = `${[...imports, `import { ${client.name} } from "${relativeImport(uri, client.uri, style.extension)}";`].join("\n")}

${runner === "node" ? "after" : "afterAll"}(() => ${client.name}.$disconnect());

test("a ${target.name} is kept as it was made", async () => {
${made.length > 0 ? `${made.join("\n")}\n` : ""}  const made = await ${rows}.create({ data: { ${data.join(", ")} } });
  try {
    const found = await ${rows}.findUniqueOrThrow({ where: { ${key}: made.${key} } });
    ${same("found", "made")};
  } finally {
    await ${rows}.delete({ where: { ${key}: made.${key} } });
  }
});
`;
  return {
    files: [{ uri, content: inStyle(body, style) }],
    notes: ["It needs a database: run it against one that is for tests."],
  };
}

function sampleOf({ name, type }: Field): string {
  const [choice] = type.values;
  if (choice !== undefined) return `"${choice}"`;
  if (type.array) return "[]";
  switch (type.logical) {
    case "integer":
    case "smallint":
    case "float":
    case "decimal":
      return "1";
    case "bigint":
      return "1n";
    case "boolean":
      return "true";
    case "date":
    case "datetime":
      return 'new Date("2026-01-31T00:00:00Z")';
    case "json":
      return "{}";
    case "uuid":
      return '"00000000-0000-4000-8000-000000000001"';
    default:
      return `"${/email/i.test(name) ? "someone@example.com" : name}"`.slice(0, (type.length ?? 200) + 2);
  }
}
