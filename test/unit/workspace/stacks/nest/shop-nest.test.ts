import assert from "node:assert/strict";
import type { Model, ReferentialAction } from "../../../../../src/workspace/ir/model.ts";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { mergeContributions } from "../../../../../src/workspace/merge.ts";
import { nestStack } from "../../../../../src/workspace/stacks/nest/nest.ts";
import { typeormStack } from "../../../../../src/workspace/stacks/typeorm/typeorm.ts";
import { expectedOf, readStack, sampleTexts } from "../../read-stack.ts";

interface Expected {
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly handler: string;
    readonly file: string;
    readonly line: number;
    readonly guards: readonly string[];
    readonly public: boolean;
    readonly roles?: readonly string[];
    readonly parameters: readonly string[];
    readonly body: string | null;
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly file: string;
    readonly line: number;
    readonly table: string;
    readonly partOf?: string;
    readonly primaryKey: readonly string[];
    readonly columns: readonly {
      readonly column: string;
      readonly type: string;
      readonly nullable: boolean;
      readonly values?: readonly string[];
    }[];
    readonly relations: readonly {
      readonly field: string;
      readonly kind: string;
      readonly to: string;
      readonly columns: readonly string[];
      readonly onDelete: string | null;
      readonly through: string | null;
    }[];
    readonly indexes: readonly {
      readonly name: string;
      readonly columns: readonly string[];
      readonly unique: boolean;
      readonly where: string | null;
    }[];
    readonly uniques: readonly { readonly name: string; readonly columns: readonly string[] }[];
    readonly checks: readonly { readonly name: string; readonly expression: string }[];
  }[];
  readonly migrations: readonly { readonly name: string; readonly file: string; readonly line: number }[];
}

const ACTIONS: Readonly<Record<ReferentialAction, string>> = {
  cascade: "CASCADE",
  restrict: "RESTRICT",
  "set-null": "SET NULL",
  "set-default": "SET DEFAULT",
  "no-action": "NO ACTION",
  application: "",
};
/** Names that PostgreSQL has twice. */
const TYPE_NAMES: readonly (readonly [string, string])[] = [
  ["character varying", "varchar"],
  ["timestamp with time zone", "timestamptz"],
  ["character", "char"],
  [" array", "[]"],
];

function nativeType(type: string): string {
  return TYPE_NAMES.reduce((text, [long, short]) => text.replace(long, short), type.toLowerCase());
}

function guardNames({ guards }: Route): readonly string[] {
  const named = guards.filter(({ kind, effect }) => kind !== "validation" && effect !== "allow-any");
  return named.map(({ name }) => name.replace(/^new |\(.*$/g, ""));
}

function expectedRows(model: Expected["models"][number]): readonly string[] {
  return [
    `${model.name} ${model.file}:${model.line} table ${model.table} of ${model.partOf ?? null} key ${model.primaryKey}`,
    ...model.columns.map(
      ({ column, type, nullable, values }) =>
        `${model.name}.${column} ${values ? values.join("|") : nativeType(type)} ${nullable}`,
    ),
    ...model.relations.map(
      ({ field, kind, to, columns, onDelete, through }) =>
        `${model.name}.${field} ${kind} ${to} (${columns}) ${onDelete} ${through}`,
    ),
    ...model.indexes.map(({ name, columns, unique, where }) => `${name} (${columns}) ${unique} ${where}`),
    ...model.uniques.map(({ name, columns }) => `${name} unique (${columns})`),
    ...model.checks.map(({ name, expression }) => `${name} check ${expression}`),
  ];
}

function foundRows(model: Model): readonly string[] {
  const constraints = new Set(model.constraints.map(({ name }) => name));
  const key = model.fields.filter(({ primaryKey }) => primaryKey).map(({ column }) => column);
  const place = `${model.uri}:${model.nameRange.start.line + 1}`;
  const relation = ({ name, kind, target, columns, onDelete, through }: Model["relations"][number]) => {
    const action = columns.length > 0 ? ACTIONS[onDelete ?? "no-action"] : null;
    return `${model.name}.${name} ${kind} ${target.replace(/^.*\./, "")} (${columns}) ${action} ${through}`;
  };
  return [
    `${model.name} ${place} table ${model.table} of ${model.proxyOf} key ${key}`,
    ...model.fields.map(
      ({ column, type, nullable }) =>
        `${model.name}.${column} ${type.values.length > 0 ? type.values.join("|") : nativeType(type.native ?? "")} ${nullable}`,
    ),
    ...model.relations.map(relation),
    ...model.indexes
      // The index that a unique constraint makes is told with the constraint.
      .filter(({ origin, name }) => /^(?:declared|field)$/.test(origin) && !constraints.has(name))
      .map(
        ({ name, columns, unique, predicate }) =>
          `${name} (${columns.map(({ column }) => column)}) ${unique} ${predicate}`,
      ),
    ...model.constraints
      .filter(({ kind }) => kind === "unique" || kind === "check")
      .map(({ kind, name, columns, expression }) =>
        kind === "unique" ? `${name} unique (${columns})` : `${name} check ${expression}`,
      ),
  ];
}

describe("the shop on NestJS and TypeORM", () => {
  const expected = expectedOf("shop-nest") as Expected;
  const texts = sampleTexts("shop-nest");
  const found = readStack(nestStack, texts);
  const orm = readStack(typeormStack, texts);
  const merged = mergeContributions([found, orm]);
  const route = (name: string) => merged.routes.find((candidate) => candidate.name === name);

  it("C04 has every route that Express serves, with its handler, its place, its guards in order", () => {
    const rows = found.routes.map(
      (entry) =>
        `${entry.name} ${entry.handler} ${entry.uri}:${entry.nameRange.start.line + 1} ${guardNames(entry).filter((name) => /Guard$/.test(name))}`,
    );
    const wanted = expected.routes.map(
      ({ method, path, handler, file, line, guards }) =>
        `${method} ${path} ${handler} ${file}:${line} ${guards}`,
    );
    assert.equal(wanted.length, 24);
    assert.deepEqual(rows.sort(), wanted.sort());
    assert.ok(found.routes.every(({ confidence }) => confidence === "certain"));
  });

  it("C04 says what is public, and whom a guard lets pass", () => {
    for (const entry of expected.routes) {
      const name = `${entry.method} ${entry.path}`;
      const guards = route(name)?.guards ?? [];
      const isOpen = guards.some(({ effect }) => effect === "allow-any");
      assert.equal(isOpen, entry.public, name);
      const refusing = guards.filter(({ kind, effect }) => kind === "authentication" && effect === "require");
      assert.equal(refusing.length, entry.public ? 0 : 1, name);
      const roles = guards.filter(({ kind, effect }) => kind === "permission" && effect === "require");
      assert.equal(roles.length > 0, entry.roles !== undefined, name);
      const written = roles.map(({ name: guard }) => guard.toLowerCase()).join();
      for (const role of entry.roles ?? []) assert.ok(written.includes(role), `${name}: ${written}`);
    }
  });

  it("C04 names the place each guard comes from: global, class, base class, method", () => {
    const places = (name: string) =>
      route(name)?.guards.map(({ name: guard, scope, source }) => [
        guard,
        scope,
        `${source.uri}:${source.range.start.line + 1}`,
      ]);
    const around = [
      ["ThrottlerGuard", "global", "src/app.module.ts:32"],
      ["JwtAuthGuard", "global", "src/app.module.ts:32"],
    ];
    const pipe = ["ValidationPipe({…})", "global", "src/main.ts:9"];
    assert.deepEqual(places("POST /api/v1/admin/coupons"), [
      ...around,
      ["RolesGuard", "class", "src/admin/coupons.controller.ts:9"],
      ["Roles(Role.Manager)", "inherited", "src/common/crud.controller.ts:15"],
      pipe,
    ]);
    assert.deepEqual(places("GET /api/v1/admin/reports/sales"), [
      ...around,
      ["RolesGuard", "class", "src/admin/reports.controller.ts:6"],
      ["Staff(Role.Manager)", "class", "src/admin/reports.controller.ts:6"],
      pipe,
    ]);
    assert.deepEqual(places("DELETE /api/v1/books/:id"), [
      ...around,
      ["RolesGuard", "method", "src/catalog/books.controller.ts:43"],
      ["Staff(Role.Manager)", "method", "src/catalog/books.controller.ts:43"],
      pipe,
    ]);
    assert.deepEqual(
      route("GET /api/v1/admin/reports/sales")?.mounts.map(({ uri }) => uri),
      [
        "src/main.ts",
        "src/app.module.ts",
        "src/admin/reports.controller.ts",
        "src/admin/reports.controller.ts",
      ],
    );
  });

  it("C04 has the parameters and bodies that Nest's own metadata has", () => {
    for (const entry of expected.routes) {
      const name = `${entry.method} ${entry.path}`;
      const parameters =
        route(name)?.parameters.map((parameter) => `${parameter.in} ${parameter.name}`) ?? [];
      for (const parameter of entry.parameters)
        assert.ok(parameters.includes(parameter), `${name}: ${parameter}`);
      assert.equal(route(name)?.body?.name ?? null, entry.body, name);
    }
    assert.deepEqual(
      route("PATCH /api/v1/books/:id")?.body?.fields.map(({ name, type, required }) => [
        name,
        type,
        required,
      ]),
      [
        ["title", "string", false],
        ["price", "string", false],
        ["publisherId", "number", false],
        ["tags", "string[]", false],
        ["listed", "boolean", false],
      ],
    );
    assert.deepEqual(
      route("GET /api/v1/books")?.parameters.map(({ name, type, required }) => [name, type, required]),
      [
        ["page", "number", false],
        ["size", "number", false],
        ["q", "string", false],
        ["publisher", "number", false],
      ],
    );
  });

  it("C01 has the entities as TypeORM's metadata has them", () => {
    const rows = orm.models.flatMap(foundRows).sort();
    const wanted = expected.models.flatMap(expectedRows).sort();
    assert.ok(wanted.length > 100);
    assert.deepEqual(
      rows.filter((row) => !wanted.includes(row)),
      [],
    );
    assert.deepEqual(
      wanted.filter((row) => !rows.includes(row)),
      [],
    );
  });

  it("C01 has the migrations, each with its SQL", () => {
    const rows = orm.migrations.map(
      ({ name, uri, nameRange }) => `${name} ${uri}:${nameRange.start.line + 1}`,
    );
    const wanted = expected.migrations.map(({ name, file, line }) => `${name} ${file}:${line}`);
    assert.deepEqual(rows.sort(), wanted.sort());
    assert.ok(orm.migrations.every(({ operations }) => operations.every(({ sql }) => sql !== null)));
  });

  it("C06 links a route to the models that its services read and write", () => {
    const models = (name: string) => route(name)?.modelIds.map((id) => id.replace("model:typeorm:", ""));
    assert.deepEqual(models("POST /api/v1/orders"), ["Book", "Order", "OrderLine", "WebOrder"]);
    assert.deepEqual(models("GET /api/v1/authors/:slug"), ["Author"]);
    assert.deepEqual(models("DELETE /api/v1/admin/coupons/:id"), ["Coupon"]);
    assert.deepEqual(models("POST /api/v1/auth/login"), ["Member"]);
    assert.deepEqual(models("GET /health"), []);
  });
});
