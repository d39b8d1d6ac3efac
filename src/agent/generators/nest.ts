import { AksaraError } from "../../errors.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import {
  camel,
  demandNew,
  type FieldSpec,
  fileIn,
  folderOf,
  type Generated,
  type GeneratorContext,
  kebab,
  type ModelSpec,
  pascal,
  plural,
  referenced,
  type StackGenerator,
  snake,
} from "./generator.ts";
import { inStyle, relativeImport, type ScriptStyle, scriptStyle, withScriptImport } from "./script-style.ts";

/** NestJS with TypeORM. */
export const nestGenerator: StackGenerator = { title: "NestJS with TypeORM", model, viewset, test };

async function model(spec: ModelSpec, context: GeneratorContext): Promise<Generated> {
  const entities = context.catalog.models.filter(({ stack }) => stack === "typeorm");
  const targets = spec.fields.map((field) => referenced(field, context.catalog));
  const sibling =
    entities.find(({ uri }) => spec.path !== "" && uri.includes(spec.path)) ??
    (spec.path === "" ? (targets.find((each) => each?.stack === "typeorm") ?? entities[0]) : undefined);
  if (!sibling)
    throw new AksaraError(
      "TOOL_FAILED",
      `There is no entity${spec.path === "" ? "" : ` in ${spec.path}`} whose form could be followed.`,
      {
        hint: "Write the first one with write_file; the next ones follow it.",
      },
    );
  const name = pascal(spec.name);
  const ending = /\.entity\.ts$/.test(sibling.uri) ? ".entity.ts" : ".ts";
  const uri = fileIn(folderOf(sibling.uri), `${kebab(name)}${ending}`);
  demandNew(name, uri, context);
  const style = scriptStyle((await context.readText(sibling.uri)) ?? "");
  const used = new Set(["Column", "Entity", "PrimaryGeneratedColumn"]);
  const imports: string[] = [];
  const parts = spec.fields.map((field, at) =>
    fieldText(field, targets[at] ?? null, { name, uri, used, imports, style }),
  );
  if (spec.timestamps) {
    used.add("CreateDateColumn").add("UpdateDateColumn");
    parts.push("  @CreateDateColumn()\n  createdAt: Date;", "  @UpdateDateColumn()\n  updatedAt: Date;");
  }
  const text = `import { ${[...used].sort().join(", ")} } from "typeorm";
${imports.map((line) => `${line}\n`).join("")}
@Entity("${plural(snake(name))}")
export class ${name} {
  @PrimaryGeneratedColumn()
  id: number;

${parts.join("\n\n")}
}
`;
  return {
    files: [{ uri, content: inStyle(text, style) }],
    notes: [
      "create_migration writes the migration for it.",
      "Register it where the entities of its module are (TypeOrmModule.forFeature).",
    ],
  };
}

interface Making {
  readonly name: string;
  readonly uri: string;
  readonly used: Set<string>;
  readonly imports: string[];
  readonly style: ScriptStyle;
}

const TYPES: Readonly<Record<FieldSpec["type"], readonly [script: string, options: string]>> = {
  string: ["string", ""],
  text: ["string", 'type: "text"'],
  integer: ["number", 'type: "integer"'],
  bigint: ["string", 'type: "bigint"'],
  decimal: ["string", 'type: "numeric", precision: 12, scale: 2'],
  float: ["number", 'type: "double precision"'],
  boolean: ["boolean", 'type: "boolean"'],
  date: ["string", 'type: "date"'],
  datetime: ["Date", 'type: "timestamptz"'],
  uuid: ["string", 'type: "uuid"'],
  json: ["Record<string, unknown>", 'type: "jsonb"'],
};

function fieldText(field: FieldSpec, target: Model | null, { uri, used, imports, style }: Making): string {
  const own = camel(field.name);
  const empty = field.nullable ? " | null" : "";
  if (target) {
    if (field.on_delete === "set-null" && !field.nullable)
      throw new AksaraError("TOOL_INPUT_INVALID", `${field.name}: set-null needs nullable.`);
    const kind = field.unique ? "OneToOne" : "ManyToOne";
    used.add(kind);
    if (field.unique) used.add("JoinColumn");
    else used.add("Index");
    if (target.uri !== uri) {
      const line = `import { ${target.name} } from "${relativeImport(uri, target.uri, style.extension)}";`;
      if (!imports.includes(line)) imports.push(line);
    }
    const actions = { cascade: "CASCADE", restrict: "RESTRICT", "set-null": "SET NULL" } as const;
    const options = `{ ${field.nullable ? "nullable: true, " : ""}onDelete: "${actions[field.on_delete]}" }`;
    return [
      ...(field.unique ? [] : ["  @Index()"]),
      `  @${kind}(() => ${target.name}, ${options})`,
      ...(field.unique ? ["  @JoinColumn()"] : []),
      `  ${own}: ${target.name}${empty};`,
    ].join("\n");
  }
  const [script, type] = TYPES[field.type];
  const value = typeof field.default === "string" ? JSON.stringify(field.default) : field.default;
  const options = [
    field.type === "string"
      ? `${field.nullable ? 'type: "varchar", ' : ""}length: ${field.length ?? 200}`
      : type,
    ...(field.unique ? ["unique: true"] : []),
    ...(field.nullable ? ["nullable: true"] : []),
    ...(value === undefined ? [] : [`default: ${value}`]),
  ];
  if (field.indexed && !field.unique) used.add("Index");
  return `${field.indexed && !field.unique ? "  @Index()\n" : ""}  @Column({ ${options.join(", ")} })\n  ${own}: ${script}${empty};`;
}

async function viewset(target: Model, context: GeneratorContext): Promise<Generated> {
  const sibling = context.catalog.routes.find(
    ({ stack, uri }) => stack === "nest" && /\.controller\.ts$/.test(uri),
  );
  const source = sibling ? await context.readText(sibling.uri) : null;
  if (!sibling || source === null)
    throw new AksaraError("TOOL_FAILED", "There is no controller whose form could be followed.", {
      hint: "Write the first one with write_file; the next ones follow it.",
    });
  const style = scriptStyle(source);
  // A folder of its own beside the others, as `nest generate resource` makes it.
  const modules = folderOf(folderOf(sibling.uri));
  const path = plural(kebab(target.name));
  const folder = fileIn(modules, path);
  const at = (file: string) => fileIn(folder, `${path}.${file}.ts`);
  if ((await context.readText(at("controller"))) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${at("controller")} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const key = target.fields.find(({ primaryKey }) => primaryKey);
  if (!key) throw new AksaraError("TOOL_FAILED", `${target.name} has no key of one field to find a row by.`);
  const one = target.name;
  const many = pascal(plural(one));
  const isNumber = /^(?:integer|smallint|bigint)$/.test(key.type.logical);
  const pipe = isNumber ? ", ParseIntPipe" : key.type.logical === "uuid" ? ", ParseUUIDPipe" : "";
  const keyType = isNumber ? "number" : "string";
  const guard = await guardOf(context);
  const from = (file: string, to: string) => relativeImport(at(file), to, style.extension);
  const writable = target.fields.filter(
    ({ column, primaryKey, generated, name }) =>
      column !== null &&
      !primaryKey &&
      !generated &&
      !/^(?:createdAt|updatedAt|deletedAt|version)$|\./.test(name),
  );
  const plain = writable.filter(
    ({ name }) =>
      !target.relations.some(({ direction, name: other }) => direction === "forward" && other === name),
  );
  const dto = dtoText(one, plain);
  const controller = `import { Body, Controller, Delete, Get, HttpCode, Param${pipe}, Patch, Post, Query${guard ? ", UseGuards" : ""} } from "@nestjs/common";
${guard ? `import { ${guard.name} } from "${from("controller", guard.uri)}";\n` : ""}import { Create${one}Dto, Update${one}Dto } from "${from("controller", fileIn(folder, `dto/${kebab(one)}.dto.ts`))}";
import { ${many}Service } from "${from("controller", at("service"))}";

${guard ? `@UseGuards(${guard.name})\n` : ""}@Controller("${path}")
export class ${many}Controller {
  constructor(private readonly ${camel(many)}: ${many}Service) {}

  @Get()
  list(@Query("limit") limit = "50", @Query("offset") offset = "0") {
    return this.${camel(many)}.list(Math.min(Number(limit) || 50, 200), Number(offset) || 0);
  }

  @Get(":id")
  show(@Param("id"${pipe}) id: ${keyType}) {
    return this.${camel(many)}.show(id);
  }

  @Post()
  create(@Body() input: Create${one}Dto) {
    return this.${camel(many)}.create(input);
  }

  @Patch(":id")
  update(@Param("id"${pipe}) id: ${keyType}, @Body() input: Update${one}Dto) {
    return this.${camel(many)}.update(id, input);
  }

  @Delete(":id")
  @HttpCode(204)
  remove(@Param("id"${pipe}) id: ${keyType}) {
    return this.${camel(many)}.remove(id);
  }
}
`;
  const service = `import { Injectable, NotFoundException } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";
import { ${one} } from "${from("service", target.uri)}";
import { Create${one}Dto, Update${one}Dto } from "${from("service", fileIn(folder, `dto/${kebab(one)}.dto.ts`))}";

@Injectable()
export class ${many}Service {
  constructor(@InjectRepository(${one}) private readonly rows: Repository<${one}>) {}

  list(take: number, skip: number) {
    return this.rows.find({ take, skip, order: { ${key.name}: "ASC" } });
  }

  async show(id: ${keyType}) {
    const row = await this.rows.findOneBy({ ${key.name === "id" ? "id" : `${key.name}: id`} });
    if (!row) throw new NotFoundException();
    return row;
  }

  create(input: Create${one}Dto) {
    return this.rows.save(this.rows.create(input));
  }

  async update(id: ${keyType}, input: Update${one}Dto) {
    const row = await this.show(id);
    return this.rows.save(this.rows.merge(row, input));
  }

  async remove(id: ${keyType}) {
    await this.rows.remove(await this.show(id));
  }
}
`;
  const module = `import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { ${one} } from "${from("module", target.uri)}";
import { ${many}Controller } from "${from("module", at("controller"))}";
import { ${many}Service } from "${from("module", at("service"))}";

@Module({
  imports: [TypeOrmModule.forFeature([${one}])],
  controllers: [${many}Controller],
  providers: [${many}Service],
})
export class ${many}Module {}
`;
  const files = [
    { uri: fileIn(folder, `dto/${kebab(one)}.dto.ts`), content: inStyle(dto, style) },
    { uri: at("service"), content: inStyle(service, style) },
    { uri: at("controller"), content: inStyle(controller, style) },
    { uri: at("module"), content: inStyle(module, style) },
  ];
  const app = await appModule(modules, `${many}Module`, at("module"), context);
  if (app) files.push(app);
  const relations = writable.length - plain.length;
  return {
    files,
    notes: [
      ...(target.fields.some(({ name }) => name.includes("."))
        ? ["Columns of embedded classes are not part of the input."]
        : []),
      guard === null
        ? "Guards come from the application, if it has any for all routes: no guard of a sibling was found to follow."
        : `Every route asks ${guard.name}.`,
      ...(relations > 0 ? [`${relations} relations are not part of the input.`] : []),
      ...(app ? [] : [`Import ${many}Module in the application's module.`]),
    ],
  };
}

function dtoText(one: string, fields: readonly Field[]): string {
  const used = new Set<string>();
  const validator = ({ type }: Field): string => {
    const [name, text] =
      type.values.length > 0
        ? ["IsIn", `@IsIn([${type.values.map((value) => `"${value}"`).join(", ")}])`]
        : ({
            integer: ["IsInt", "@IsInt()"],
            smallint: ["IsInt", "@IsInt()"],
            float: ["IsNumber", "@IsNumber()"],
            decimal: ["IsNumberString", "@IsNumberString()"],
            bigint: ["IsNumberString", "@IsNumberString()"],
            boolean: ["IsBoolean", "@IsBoolean()"],
            date: ["IsDateString", "@IsDateString()"],
            datetime: ["IsDateString", "@IsDateString()"],
            uuid: ["IsUUID", "@IsUUID()"],
            json: ["IsObject", "@IsObject()"],
          }[type.logical as string] ?? ["IsString", "@IsString()"]);
    const isList = type.array;
    used.add(isList ? "IsArray" : (name ?? "IsString"));
    return isList ? "@IsArray()" : (text ?? "@IsString()");
  };
  const line = (field: Field): string => {
    const optional = field.nullable || field.default !== null;
    const length =
      field.type.logical === "string" && field.type.length !== null && !field.type.array
        ? `  @MaxLength(${field.type.length})\n`
        : "";
    if (optional) used.add("IsOptional");
    if (length !== "") used.add("MaxLength");
    return `${optional ? "  @IsOptional()\n" : ""}  ${validator(field)}\n${length}  ${field.name}${optional ? "?" : ""}: ${scriptType(field)};`;
  };
  const body = fields.map(line).join("\n\n");
  return `import { PartialType } from "@nestjs/mapped-types";
import { ${[...used].sort().join(", ")} } from "class-validator";

export class Create${one}Dto {
${body}
}

export class Update${one}Dto extends PartialType(Create${one}Dto) {}
`;
}

function scriptType({ type }: Field): string {
  const base =
    type.values.length > 0
      ? type.values.map((value) => `"${value}"`).join(" | ")
      : ({
          integer: "number",
          smallint: "number",
          float: "number",
          boolean: "boolean",
          json: "Record<string, unknown>",
          datetime: "Date",
        }[type.logical as string] ?? "string");
  if (!type.array) return base;
  return base.includes("|") ? `(${base})[]` : `${base}[]`;
}

/** A guard that asks who somebody is, as controllers of the project name it. */
async function guardOf({
  catalog,
  readText,
}: GeneratorContext): Promise<{ readonly name: string; readonly uri: string } | null> {
  for (const { guards } of catalog.routes) {
    const found = guards.find(
      ({ kind, effect, scope }) => kind === "authentication" && effect === "require" && scope !== "global",
    );
    const name = found?.name.replace(/\(.*/, "").split(".").at(-1);
    if (!found || name === undefined) continue;
    const text = (await readText(found.source.uri)) ?? "";
    const path = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from ["'](\\.[^"']+)["']`).exec(text)?.[1];
    if (path === undefined) continue;
    const parts = [...folderOf(found.source.uri).split("/"), ...path.split("/")].reduce<string[]>(
      (all, part) => {
        if (part === "..") all.pop();
        else if (part !== "." && part !== "") all.push(part);
        return all;
      },
      [],
    );
    return { name, uri: `${parts.join("/")}.ts` };
  }
  return null;
}

async function appModule(
  folder: string,
  name: string,
  uri: string,
  { readText }: GeneratorContext,
): Promise<Generated["files"][number] | null> {
  const file = fileIn(folder, "app.module.ts");
  const text = await readText(file);
  if (text === null) return null;
  const style = scriptStyle(text);
  const added = text.replace(/(imports:\s*\[)(\s*)/, (_, head: string, space: string) =>
    space.includes("\n") ? `${head}${space}${name},${space}` : `${head}${name}, `,
  );
  if (added === text) return null;
  return {
    uri: file,
    content: withScriptImport(
      added,
      inStyle(`import { ${name} } from "${relativeImport(file, uri, style.extension)}";`, style),
    ),
  };
}

async function test(target: Model, context: GeneratorContext): Promise<Generated> {
  const source = (await context.readText(target.uri)) ?? "";
  const style = scriptStyle(source);
  const manifest = (await context.readText("package.json")) ?? "";
  const runner = /"vitest"\s*:/.test(manifest) ? "vitest" : /"jest"\s*:/.test(manifest) ? "jest" : "node";
  const uri = target.uri.replace(/(?:\.entity)?\.ts$/, runner === "node" ? ".test.ts" : ".spec.ts");
  if ((await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const columns = target.fields.filter(
    ({ column, inheritedFrom, name }) =>
      column !== null &&
      inheritedFrom === null &&
      !name.includes(".") &&
      !target.relations.some((each) => each.name === name),
  );
  const equal = (a: string, b: string) =>
    runner === "node" ? `assert.deepEqual(${a}, ${b})` : `expect(${a}).toEqual(${b})`;
  const imports =
    runner === "node"
      ? `import assert from "node:assert/strict";\nimport "reflect-metadata";\nimport { describe, it } from "node:test";\n`
      : runner === "vitest"
        ? `import "reflect-metadata";\nimport { describe, expect, it } from "vitest";\n`
        : `import "reflect-metadata";\n`;
  const text = `${imports}import { getMetadataArgsStorage } from "typeorm";
import { ${target.name} } from "${relativeImport(uri, target.uri, style.extension)}";

describe("${target.name}", () => {
  const storage = getMetadataArgsStorage();

  it("is kept in its table", () => {
    const table = storage.tables.find(({ target }) => target === ${target.name});
    ${equal("table?.name", `"${target.table?.split(".").at(-1) ?? ""}"`)};
  });

  it("has its columns, and says of each whether it may be empty", () => {
    const columns = storage.columns
      .filter(({ target }) => target === ${target.name})
      .map(({ propertyName, options }) => [propertyName, options.nullable === true]);
    const wanted = [
${columns.map(({ name, nullable }) => `      ["${name}", ${nullable}],`).join("\n")}
    ];
    for (const each of wanted) ${equal("columns.find(([name]) => name === each[0])", "each")};
  });
});
`;
  return { files: [{ uri, content: inStyle(text, style) }], notes: ["It runs without a database."] };
}
