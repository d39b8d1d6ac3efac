import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { hashText } from "../../../../src/workspace/hash.ts";
import type { Expression } from "../../../../src/workspace/languages/expression.ts";
import type { PythonModule } from "../../../../src/workspace/languages/python/module.ts";
import { parsePython } from "../../../../src/workspace/languages/python/outline.ts";
import { createPythonParser, type PythonParser } from "../../../../src/workspace/languages/python/parser.ts";
import type { Span } from "../../../../src/workspace/source.ts";
import { TEST_ASSETS } from "./parser-assets.ts";

let parser: PythonParser;

function parse(text: string): PythonModule {
  return parsePython(parser, text);
}

/** An expression as one line, so that a test reads like the source. */
function show(expression: Expression | null | undefined): string {
  if (!expression) return "-";
  switch (expression.k) {
    case "string":
      return JSON.stringify(expression.value);
    case "template":
      return `template(${expression.value})`;
    case "number":
    case "name":
      return expression.value;
    case "member":
      return `${show(expression.of)}.${expression.name}`;
    case "call": {
      const args = expression.args.map(({ name, value }) => (name ? `${name}=${show(value)}` : show(value)));
      return `${show(expression.callee)}(${args.join(", ")})`;
    }
    case "list":
      return `[${expression.items.map(show).join(", ")}]`;
    case "dict":
      return `{${expression.entries.map(([key, value]) => `${show(key)}: ${show(value)}`).join(", ")}}`;
    case "binary":
      return expression.left
        ? `(${show(expression.left)} ${expression.op} ${show(expression.right)})`
        : `(${expression.op} ${show(expression.right)})`;
    case "subscript":
      return `${show(expression.of)}[${expression.index.map(show).join(", ")}]`;
    case "other":
      return `other<${expression.text}>`;
    case "tagged":
    case "function":
      throw new Error(`a form of TypeScript in Python: ${expression.k}`);
  }
}

/** The value assigned to the only name of a source. */
function valueIn(source: string): string {
  return show(parse(`x = ${source}\n`).assignments[0]?.value);
}

function textAt(text: string, span: Span): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const [row, column, endRow, endColumn] = span;
  if (row === endRow) return (lines[row] ?? "").slice(column, endColumn);
  const middle = lines.slice(row + 1, endRow);
  return [(lines[row] ?? "").slice(column), ...middle, (lines[endRow] ?? "").slice(0, endColumn)].join("\n");
}

describe("Python outline", () => {
  before(async () => {
    parser = await createPythonParser(TEST_ASSETS);
  });
  after(() => parser.delete());

  it("C01 reads every form of import", () => {
    const module = parse(
      [
        "import os, a.b as c, d.e",
        "from . import models",
        "from ..core.base import (A, B as C,)",
        "from m import *",
        "from __future__ import annotations",
        "try:",
        "    import ujson as json",
        "except ImportError:",
        "    import json",
        "if TYPE_CHECKING:",
        "    from x import Y",
        "",
      ].join("\n"),
    );
    assert.deepEqual(
      module.imports.map(({ module: from, name, alias }) => `${from} ${name} ${alias}`),
      [
        "os null os",
        "a.b null c",
        "d.e null d.e",
        ". models models",
        "..core.base A A",
        "..core.base B C",
        "m * *",
        "__future__ annotations annotations",
        "ujson null json",
        "json null json",
        "x Y Y",
      ],
    );
  });

  it("C01 reads a class with bases, keywords, docstring, members, nested classes and exact ranges", () => {
    const text = [
      '"""Module."""',
      "",
      "@register",
      '@tag("x")',
      'class Order(models.Model, Generic["T"], *mixins, metaclass=Meta, **extra):',
      '    """An order.',
      "",
      "    Body.",
      "        Indented.",
      '    """',
      "    total: Decimal = models.DecimalField(max_digits=10)",
      "    note: str",
      "    if TYPE_CHECKING:",
      "        objects: Manager",
      "    class Meta:",
      '        ordering = ["-id"]',
      "    @property",
      "    def name(self): return 1",
      "    async def go(self, a: int, /, b=2, *rest: str, c: int = 3, **kw) -> list[int]: ...",
      "",
    ].join("\n");
    const module = parse(text);
    assert.equal(module.documentation, "Module.");
    const [order] = module.classes;
    assert.ok(order);
    assert.equal(order.name, "Order");
    assert.deepEqual(order.bases.map(show), ["models.Model", 'Generic["T"]', "(* mixins)"]);
    assert.deepEqual(
      order.keywords.map(({ name, value }) => `${name}=${show(value)}`),
      ["metaclass=Meta", "**=extra"],
    );
    assert.deepEqual(order.decorators.map(show), ["register", 'tag("x")']);
    assert.equal(order.documentation, "An order.\n\nBody.\n    Indented.");
    assert.deepEqual(
      order.assignments.map(
        ({ target, annotation, value }) => `${target}: ${show(annotation)} = ${show(value)}`,
      ),
      ["total: Decimal = models.DecimalField(max_digits=10)", "note: str = -", "objects: Manager = -"],
    );
    assert.deepEqual(
      order.classes.map(({ name }) => name),
      ["Meta"],
    );
    assert.deepEqual(order.nameSpan, [4, 6, 4, 11]);
    assert.deepEqual(order.span.slice(0, 2), [2, 0]);
    const source = textAt(text, order.span);
    assert.ok(source.startsWith("@register\n") && source.endsWith("-> list[int]: ..."));
    assert.equal(order.hash, hashText(source));
    const [name, go] = order.methods;
    assert.ok(name && go);
    assert.equal(textAt(text, name.span), "@property\n    def name(self): return 1");
    assert.equal(name.isAsync, false);
    assert.equal(go.isAsync, true);
    assert.equal(show(go.returns), "list[int]");
    assert.deepEqual(
      go.parameters.map(
        ({ name: own, annotation, default: value }) => `${own}: ${show(annotation)} = ${show(value)}`,
      ),
      ["self: - = -", "a: int = -", "b: - = 2", "*rest: str = -", "c: int = 3", "**kw: - = -"],
    );
  });

  it("C01 decodes string literals", () => {
    const cases: readonly (readonly [string, string])[] = [
      [`"a" 'b' """c"""`, '"abc"'],
      [String.raw`"a\tb\x41\u00e9\U0001F600\101\'\q"`, JSON.stringify("a\tbAé😀A'\\q")],
      [String.raw`r"\d+\n"`, JSON.stringify("\\d+\\n")],
      [String.raw`b"\x41\u0041"`, JSON.stringify("A\\u0041")],
      [String.raw`Rb'\x41'`, JSON.stringify("\\x41")],
      ['"""two\nlines"""', JSON.stringify("two\nlines")],
      ['"con\\\ntinued"', '"continued"'],
      ['("x"\n  "y")', '"xy"'],
      ['""', '""'],
      ['f"a{b}c"', 'template(f"a{b}c")'],
      ['"a" f"{b}"', 'template("a" f"{b}")'],
      ["'it\"s'", JSON.stringify('it"s')],
    ];
    for (const [source, expected] of cases) assert.equal(valueIn(source), expected, source);
  });

  it("C01 reduces expressions", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["a.b(1, *c, k=None, **d)", "a.b(1, *=c, k=None, **=d)"],
      ["(1, 2.5), {3}, [True]", "[[1, 2.5], [3], [True]]"],
      ['{"a": 1, **rest}', '{"a": 1, **: rest}'],
      ["-1 + a ** 2", "((- 1) + (a ** 2))"],
      ["not a in b", "(not (a in b))"],
      ["a < b  not   in c", "((a < b) and (b not in c))"],
      ["Q(a=1) | ~Q(b=2) & c", "(Q(a=1) | ((~ Q(b=2)) & c))"],
      ["d['k'][0]", 'd["k"][0]'],
      ["(n := 10)", "(n := 10)"],
      ["await f()", "(await f())"],
      ["a if b else c", "other<a if b else c>"],
      ["lambda q: q", "other<lambda q: q>"],
      ["[i for i in y]", "other<[i for i in y]>"],
      ["sum(i for i in y)", "sum(other<(i for i in y)>)"],
      ["[*a, ...]", "[(* a), ...]"],
      ["()", "[]"],
      ["x[1:2]", "x[other<1:2>]"],
    ];
    for (const [source, expected] of cases) assert.equal(valueIn(source), expected, source);
    const annotated = parse('x: Mapped[list["X"] | None] = 1\n').assignments[0];
    assert.equal(show(annotated?.annotation), 'Mapped[(list["X"] | None)]');
    assert.equal(show(parse("x: models.Order\n").assignments[0]?.annotation), "models.Order");
  });

  it("C01 reads assignments of every form, also under conditions", () => {
    const module = parse(
      [
        "a = b = 1",
        "c, d = 2, f(3)",
        "(e, *g) = h",
        "urlpatterns += [1]",
        "n |= 2",
        "x.y['z'] = 4",
        "if DEBUG:",
        "    k = 5",
        "else:",
        "    with open(p) as q:",
        "        k = 6",
        "",
      ].join("\n"),
    );
    assert.deepEqual(
      module.assignments.map(({ target, operator, value }) => `${target} ${operator} ${show(value)}`),
      [
        "a = 1",
        "b = 1",
        "c = 2",
        "d = f(3)",
        "(e, *g) = h",
        "urlpatterns += [1]",
        "x.y['z'] = 4",
        "k = 5",
        "k = 6",
      ],
    );
    assert.deepEqual(module.assignments[0]?.span, [0, 0, 0, 9]);
    assert.equal(module.assignments[0]?.hash, hashText("a = b = 1"));
  });

  it("C01 reads calls, local assignments and returns of a function", () => {
    const [view] = parse(
      [
        "def view(request):",
        '    """Doc."""',
        "    qs = Order.objects.filter(user=get_user(request)).first()",
        "    if (n := qs.count()) > 1:",
        "        names = [row.get_name() for row in qs]",
        "    log(lambda: hidden())",
        '    print(f"{shown()}")',
        "    def inner():",
        "        other = deep()",
        "        return other",
        "    return render(request, qs)",
        "",
      ].join("\n"),
    ).functions;
    assert.ok(view);
    assert.equal(view.documentation, "Doc.");
    assert.deepEqual(view.calls.map(show), [
      "Order.objects.filter(user=get_user(request)).first()",
      "qs.count()",
      "row.get_name()",
      "log(other<lambda: hidden()>)",
      "hidden()",
      'print(template(f"{shown()}"))',
      "shown()",
      "deep()",
      "render(request, qs)",
    ]);
    assert.deepEqual(
      view.assignments.map(({ target }) => target),
      ["qs", "n", "names"],
    );
    assert.deepEqual(view.returned.map(show), ["render(request, qs)"]);
  });

  it("C01 reads calls at the top level of a module only", () => {
    const module = parse(
      "router.register('a', V)\nx = f()\nif D:\n    urlpatterns.append(p)\nfor v in vs:\n    add(v)\ndef g():\n    h()\n",
    );
    assert.deepEqual(module.calls.map(show), ['router.register("a", V)', "urlpatterns.append(p)", "add(v)"]);
  });

  it("C06 finds references to capitalised names with what they stand in", () => {
    const text = [
      "from a import Order",
      "class View(Base):",
      "    queryset = Order.objects.all()",
      "    def get(self, Arg, when: Date = Default):",
      "        Local = models.Invoice.objects.get(Key=Status.NEW.value)",
      "        return call(x).Thing, self.y",
      "@receiver(sender=Order)",
      "def on_save(): pass",
      "TOTAL = Sum('x')",
      "",
    ].join("\n");
    const module = parse(text);
    assert.deepEqual(
      module.references.map(({ name, within }) => `${name} in ${within}`),
      [
        "Order in View",
        "Date in View.get",
        "Default in View.get",
        "models.Invoice in View.get",
        "Status in View.get",
        "Order in on_save",
        "Sum in null",
      ],
    );
    const invoice = module.references[3];
    assert.ok(invoice);
    assert.equal(textAt(text, invoice.span), "models.Invoice");
    assert.equal(invoice.line, "Local = models.Invoice.objects.get(Key=Status.NEW.value)");
  });

  it("C01 gives the same declarations and positions with CRLF, CR and a byte order mark", () => {
    const unix =
      'class A(B):\n    """Doc.\n\n    More.\n    """\n    x = "é😀" + y\n\n\ndef f():\n    return A\n';
    const expected = parse(unix);
    const withMark = parse(`\uFEFF${unix}`);
    assert.deepEqual(withMark, expected);
    const dos = parse(unix.replaceAll("\n", "\r\n"));
    assert.deepEqual(withoutHashes(dos), withoutHashes(expected));
    const bare = parse("x = 1\r\ny = 2\r\n");
    assert.deepEqual(
      bare.assignments.map(({ span }) => span),
      [
        [0, 0, 0, 5],
        [1, 0, 1, 5],
      ],
    );
  });

  it("C01 counts columns in UTF-16 units", () => {
    const [first] = parse('x = ["😀", Order]\n').references;
    assert.deepEqual(first?.span, [0, 11, 0, 16]);
  });

  it("C08 reads what is around a syntax error and says where the error is", () => {
    const module = parse(
      "class A(Model):\n    x = 1\n\nclass B(Model):\n    y =\n\nclass C(Model):\n    z = 3\n\ndef f(:\n    pass\n",
    );
    assert.ok(module.classes.some(({ name }) => name === "A"));
    assert.ok(module.classes.some(({ name, assignments }) => name === "C" && assignments.length === 1));
    assert.ok(module.errors.length > 0);
    assert.deepEqual(parse("x = 1\n").errors, []);
  });

  it("C08 an unclosed bracket or quote costs its own statement only", () => {
    const unclosed = [
      "foo(1",
      "foo(",
      "foo('a",
      'foo("", x["',
      "[1, (2,\n        3,",
      "foo(  # why (",
      "f(a,\n      b=1",
    ];
    for (const value of unclosed) {
      const text = [
        "class A(Model):",
        "    before = 1",
        `    broken = ${value}`,
        "",
        "    after = Char(max_length=(3))",
        "    class Meta:",
        '        ordering = ["x"]',
        "    @property",
        "    def method(self): return f(1)",
        "",
        "@decorated",
        "class B(A): # it's",
        "    name = '(' + \"#[\"",
        "",
      ].join("\n");
      const module = parse(text);
      const [a, b] = module.classes;
      assert.ok(a && b, value);
      assert.deepEqual(
        a.assignments.map(({ target }) => target).filter((target) => target !== "broken"),
        ["before", "after"],
        value,
      );
      assert.deepEqual([a.classes[0]?.name, a.methods[0]?.name, b.name], ["Meta", "method", "B"], value);
      assert.ok(textAt(text, a.span).startsWith("class A") && textAt(text, a.span).endsWith("return f(1)"));
      assert.equal(a.hash, hashText(textAt(text, a.span)));
      assert.equal(show(b.assignments[0]?.value), '("(" + "#[")');
      assert.equal(module.errors[0]?.[0], 2, value);
    }
  });

  it("C08 survives any text", () => {
    const hostile = [
      "",
      "\n",
      "\0\0\0",
      "(((((",
      "'''never closed",
      'f"{',
      "class",
      "def",
      "@",
      "class A:\n",
      "from import x",
      "x = ",
      "\ud800",
      "<?php echo 1; ?>",
      `x = ${"(".repeat(20_000)}1${")".repeat(20_000)}\n`,
      `x = ${"1 + ".repeat(20_000)}1\n`,
      `x${".y".repeat(20_000)}()\n`,
      `x${"()".repeat(20_000)}\n`,
      `${Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}if x:\n`).join("")}${" ".repeat(300)}pass\n`,
      `${Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}class A:\n`).join("")}${" ".repeat(300)}x = 1\n`,
    ];
    for (const text of hostile) {
      const module = parse(text);
      assert.equal(typeof JSON.stringify(module), "string", text.slice(0, 40));
    }
  });

  it("can be opened as often as one likes", async () => {
    for (let count = 0; count < 1_000; count++) {
      const another = await createPythonParser(TEST_ASSETS);
      assert.equal(parsePython(another, "class A: pass\n").classes.length, 1);
      another.delete();
    }
  });

  it("gives the same outline again after a broken file", () => {
    const before = parse("class A(B):\n    x = 1\n");
    parse("def f(:\n   '''");
    assert.deepEqual(parse("class A(B):\n    x = 1\n"), before);
  });
});

/** Hashes are of the text as it is, line breaks included. */
function withoutHashes(module: PythonModule): unknown {
  return JSON.parse(JSON.stringify(module, (key, value) => (key === "hash" ? undefined : value)));
}
