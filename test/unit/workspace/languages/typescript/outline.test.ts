import assert from "node:assert/strict";
import { dottedName, type Expression } from "../../../../../src/workspace/languages/expression.ts";
import { parseTypeScript } from "../../../../../src/workspace/languages/typescript/outline.ts";
import type { Span } from "../../../../../src/workspace/source.ts";

function outline(text: string, uri = "src/file.ts") {
  return parseTypeScript(text, uri);
}

function expressionOf(text: string): Expression {
  const [assignment] = outline(`const x = ${text};`).assignments;
  assert.ok(assignment);
  return assignment.value;
}

function plain(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value) => (key === "span" ? undefined : value)));
}

describe("outline of a TypeScript file", () => {
  it("C01 lists imports of every notation", () => {
    const { imports } = outline(`
import d, { a, b as c, type T } from "m";
import type { U } from "u";
import * as all from "n";
import old = require("o");
const whole = require("p");
const { e, f: g } = require("q");
const h = require("r").i;
const lazy = await import("./s");
`);
    assert.deepEqual(
      imports.map((entry) => [entry.alias, entry.module, entry.name, entry.typeOnly]),
      [
        ["d", "m", "default", false],
        ["a", "m", "a", false],
        ["c", "m", "b", false],
        ["T", "m", "T", true],
        ["U", "u", "U", true],
        ["all", "n", "*", false],
        ["old", "o", "*", false],
        ["whole", "p", "*", false],
        ["e", "q", "e", false],
        ["g", "q", "f", false],
        ["h", "r", "i", false],
        ["lazy", "./s", "*", false],
      ],
    );
  });

  it("C01 lists exports of ECMAScript", () => {
    const { exports } = outline(`
export const a = 1, { b, c: d } = x;
export function f() {}
export class C {}
export { a as aa };
export { g as default } from "./g";
export * from "./all";
export * as ns from "./ns";
`);
    assert.deepEqual(
      exports.map((entry) => [entry.name, entry.local, entry.module]),
      [
        ["a", "a", null],
        ["b", "b", null],
        ["d", "d", null],
        ["f", "f", null],
        ["C", "C", null],
        ["aa", "a", null],
        ["default", "g", "./g"],
        ["*", "*", "./all"],
        ["ns", "*", "./ns"],
      ],
    );
    assert.deepEqual(outline("export default () => 1").exports[0]?.local, "default");
    assert.deepEqual(outline("const r = 1; export default r").exports[0]?.local, "r");
    assert.deepEqual(outline("export default class K {}").exports[0]?.local, "K");
  });

  it("C01 lists exports of CommonJS", () => {
    const { exports } = outline(
      `
const app = (module.exports = express());
exports.one = function () {};
module.exports.two = two;
`,
      "a.js",
    );
    assert.deepEqual(
      exports.map((entry) => [entry.name, entry.local, entry.module]),
      [
        ["=", "app", null],
        ["one", "exports.one", null],
        ["two", "two", null],
      ],
    );
    const barrel = outline(
      "module.exports = { a, b: () => 1, c: require('./c') , ...require('./d') }",
      "a.js",
    );
    assert.deepEqual(
      barrel.exports.map((entry) => [entry.name, entry.local, entry.module]),
      [
        ["=", "module.exports", null],
        ["a", "a", null],
        ["b", "module.exports.b", null],
        ["c", "*", "./c"],
        ["*", "*", "./d"],
      ],
    );
    assert.equal(barrel.functions[0]?.path, "module.exports.b");
  });

  it("C01 names functions by where they are written", () => {
    const { functions } = outline(`
function a() { function inner() {} }
const b = async () => {};
const c = function named() {};
export const wrapped = asyncHandler(async (req) => {});
const handlers = { list() {}, create: async () => {}, nested: { deep: () => 1 } };
class K { constructor() {} m() {} p = () => {}; static s() {} get g() { return 1; } #secret() {} }
function factory() { return { made: () => 1 }; }
export default { list: () => 1 };
`);
    assert.deepEqual(
      functions.map((entry) => [entry.path, entry.within]),
      [
        ["a", "a"],
        ["a.inner", "a.inner"],
        ["b", "b"],
        ["c", "c"],
        [null, "wrapped"],
        ["handlers.list", "handlers.list"],
        ["handlers.create", "handlers.create"],
        ["handlers.nested.deep", "handlers.nested.deep"],
        ["K.constructor", "K.constructor"],
        ["K.m", "K.m"],
        ["K.p", "K.p"],
        ["K.s", "K.s"],
        ["K.g", "K.g"],
        ["K.#secret", "K.#secret"],
        ["factory", "factory"],
        ["factory.made", "factory.made"],
        ["default.list", "default.list"],
      ],
    );
  });

  it("C01 reads a class with decorators, heritage, properties and constructor parameters", () => {
    const text = `
/** Orders. */
@Controller("orders")
export class OrderController extends Base<Order> implements OnInit {
  @Column({ type: "varchar" }) name!: string;
  static readonly limit: number = 5;
  constructor(private readonly db: Database, @Inject(TOKEN) log?: Logger) { super(); }
  @Get(":id") async one(@Param("id") id: string): Promise<Order> { return this.db.one(id); }
}`;
    const module = outline(text);
    const [entry] = module.classes;
    assert.ok(entry);
    assert.equal(entry.documentation, "Orders.");
    assert.deepEqual(
      entry.decorators.map((decorator) => decorator.k === "call" && dottedName(decorator.callee)),
      ["Controller"],
    );
    assert.equal(entry.extends && dottedName(entry.extends), "Base");
    assert.deepEqual(entry.implements, ["OnInit"]);
    assert.deepEqual(
      entry.properties.map((property) => [property.name, property.type, property.isStatic]),
      [
        ["name", "string", false],
        ["limit", "number", true],
      ],
    );
    const [create, one] = entry.methods;
    assert.deepEqual(
      create?.parameters.map((parameter) => [parameter.name, parameter.type, parameter.property]),
      [
        ["db", "Database", true],
        ["log", "Logger", false],
      ],
    );
    assert.equal(one?.returns, "Promise<Order>");
    assert.equal(one?.parameters[0]?.decorators.length, 1);
    assert.equal(module.lines.slice(entry.nameSpan), "OrderController");
    assert.ok(one && module.lines.slice(one.span).startsWith('@Get(":id") async one'));
  });

  it("C01 reduces expressions and looks through casts and await", () => {
    assert.deepEqual(plain(expressionOf("await (a?.b!.c as T)")), {
      k: "member",
      of: { k: "member", of: { k: "name", value: "a" }, name: "b" },
      name: "c",
    });
    assert.deepEqual(plain(expressionOf("{ a, 'b-c': 1, ...rest, [k]: null }")), {
      k: "dict",
      entries: [
        [
          { k: "string", value: "a" },
          { k: "name", value: "a" },
        ],
        [
          { k: "string", value: "b-c" },
          { k: "number", value: "1" },
        ],
        [
          { k: "name", value: "..." },
          { k: "name", value: "rest" },
        ],
        [
          { k: "name", value: "k" },
          { k: "name", value: "null" },
        ],
      ],
    });
    assert.deepEqual(plain(expressionOf("`/a/${b}`")), {
      k: "template",
      value: "`/a/${b}`",
      parts: [
        { k: "string", value: "/a/" },
        { k: "name", value: "b" },
      ],
    });
    assert.deepEqual(plain(expressionOf("sql`a ${1} b`")), {
      k: "tagged",
      tag: { k: "name", value: "sql" },
      strings: ["a ", " b"],
      values: [{ k: "number", value: "1" }],
    });
    assert.deepEqual(plain(expressionOf("new Map([...a], -1)")), {
      k: "call",
      callee: { k: "name", value: "Map" },
      args: [
        {
          name: null,
          value: {
            k: "list",
            items: [{ k: "binary", op: "...", left: null, right: { k: "name", value: "a" } }],
          },
        },
        { name: null, value: { k: "binary", op: "-", left: null, right: { k: "number", value: "1" } } },
      ],
    });
    assert.deepEqual(plain(expressionOf("(a, b) => a")), { k: "function", parameters: ["a", "b"] });
  });

  it("C01 lists calls in order of evaluation with what they stand in", () => {
    const { calls } = outline(`
app.route("/x").get(auth(), list).post(save);
class S { async all() { return Promise.all([db.user.count(), this.more(() => inner())]); } }
`);
    const names = calls.map((call) => {
      const { expression } = call;
      const callee = expression.k === "call" ? expression.callee : expression.tag;
      return [callee.k === "member" ? callee.name : dottedName(callee), call.within];
    });
    assert.deepEqual(names, [
      ["route", null],
      ["auth", null],
      ["get", null],
      ["post", null],
      ["count", "S.all"],
      ["inner", "S.all"],
      ["more", "S.all"],
      ["all", "S.all"],
    ]);
  });

  it("C01 keeps returned and thrown expressions with the function they belong to", () => {
    const [guard, inner] = outline(
      "function guard(req, res, next) { if (!req.user) throw new Denied(); return next(() => { return 1; }); }",
    ).functions;
    assert.equal(guard?.thrown.length, 1);
    assert.deepEqual(
      guard?.returned.map((value) => value.k),
      ["call"],
    );
    assert.deepEqual(
      inner?.returned.map((value) => value.k),
      ["number"],
    );
  });

  it("C01 lists references to capitalised names and to the members of a client, not declarations", () => {
    const { references } = outline(`
import { User } from "@prisma/client";
class Local extends Base {}
interface Shape { Owner: string }
function f(user: User, where: Prisma.UserWhereInput) { const repo = this.prisma.user; return new Local(repo); }
const view = <T,>(x: T) => x;
`);
    assert.deepEqual(
      references.map((reference) => [reference.name, reference.within]),
      [
        ["User", "f"],
        ["Prisma.UserWhereInput", "f"],
        ["prisma.user", "f"],
        ["Local", "f"],
      ],
    );
    assert.equal(references[2]?.line.startsWith("function f(user: User"), true);
  });

  it("C01 counts positions in UTF-16 units, with CR LF, a byte order mark and line separators in strings", () => {
    const text = '\uFEFFconst a = "😀"; const b = 1;\r\nconst c = "\u2028"; const d = 2;\r\n';
    const { assignments, lines } = outline(text);
    const spans = new Map(assignments.map((entry) => [entry.target, entry.nameSpan]));
    assert.deepEqual(spans.get("a"), [0, 6, 0, 7] satisfies Span);
    assert.deepEqual(spans.get("b"), [0, 22, 0, 23] satisfies Span);
    assert.deepEqual(spans.get("d"), [1, 21, 1, 22] satisfies Span);
    assert.equal(lines.slice([1, 6, 1, 7]), "c");
  });

  it("C01 reads JSX in .tsx and .js, and angle-bracket casts in .ts", () => {
    const view = outline("export const V = () => <Card<Row> onClick={() => save(1)}>text</Card>;", "v.tsx");
    assert.deepEqual([view.errors.length, view.calls.length], [0, 1]);
    assert.equal(outline("const V = () => <Card a={save()} />;", "v.js").calls.length, 1);
    assert.equal(outline("const x = <Foo>bar;", "v.ts").assignments[0]?.value.k, "name");
  });

  it("C08 keeps everything but the broken statement of a file with syntax errors", () => {
    const text = `import x from "x";
export class A {
  one() { return 1; }
  two( { return
  three() { return 3; }
}

const broken = foo(;

export function fine() { return bar(); }
`;
    const module = outline(text);
    assert.deepEqual(
      module.imports.map((entry) => entry.alias),
      ["x"],
    );
    assert.deepEqual(
      module.functions.map((entry) => entry.path),
      ["A.one", "A.three", "fine"],
    );
    assert.deepEqual(
      module.errors.map((span) => span[0]),
      [3, 7],
    );
    assert.equal(module.classes[0] && module.lines.slice(module.classes[0].nameSpan), "A");
  });

  it("C08 never throws, whatever the text is cut to", () => {
    const text = "export class A { @D() m(a: B<C>) { return `x${b}` } }\nfoo(<T>(x) => y?.[z]!);\n";
    for (let length = 0; length < text.length; length++) outline(text.slice(0, length));
  });
});
