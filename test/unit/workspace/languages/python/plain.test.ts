import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parsePython } from "../../../../../src/workspace/languages/python/outline.ts";
import {
  createPythonParser,
  type PythonParser,
} from "../../../../../src/workspace/languages/python/parser.ts";
import { parsePlainPython } from "../../../../../src/workspace/languages/python/plain/parse.ts";
import { TEST_ASSETS } from "../parser-assets.ts";

const workspaces = join(import.meta.dirname, "../../../../workspaces");

/** Statements and expressions of every kind, each in the forms that the grammar tells apart. */
const SNIPPETS: readonly string[] = [
  "",
  "# nothing\n",
  '"""Doc"""\n\nx = 1',
  "from __future__ import annotations\nimport a.b as c, d\nfrom . import x\nfrom .m import (y as z, w,)\nfrom ... n import *\n",
  "class A(B, metaclass=M, *args, **kw):\n    x: int = 1\n    y = z = 2\n    w += 1\n    a, b = 1, 2\n    q: str\n",
  "class A[T: int, *Ts](Base[T]): pass\ndef f[**P](x: T) -> T: return x\n",
  "@dec(1)\n# between\n@other.x\nasync def f(self, a, /, b: int, *, c=1, d: int = 2, **kw) -> None:\n    '''d'''\n    return await g(a)[1:2, ::3, x], -x, not y, *z\n",
  "def g(*args: int, e): pass; return\n",
  "if a == 1 and b not in c or d is not None:\n    pass\nelif x:\n    y\nelse:\n    z\n",
  "for i, (j, *k) in m, n: break\nelse: pass\nwhile True: continue\nelse:\n  pass\n",
  "try:\n    raise X from e\nexcept (A, B) as e:\n    pass\nexcept C: pass\nelse: q()\nfinally:\n    del a, b[0]\n",
  "try: pass\nexcept* E: raise\n",
  "async def f():\n    async with open(x) as f, g(): pass\n    async for a in b: pass\n    return [x async for x in y if await z]\n",
  "with (open(x) as f, g() as h): pass\nwith a, (b): pass\nwith (yield): pass\n",
  "f = lambda x, *y, z=1, **k: (x, y)\ng = lambda: lambda: 0\n",
  "[a for a in b if c if d for e, f in g()]\n{a: b for a in b}\n{a for a in b}\n(a for a in b)\nf(x for x in y)\n",
  "x = {**a, 'b': c, 1: 2,}\ny = {a, *b}\nz = [*a, b]\nw = (a,)\nv = ()\n",
  "a if b else c if d else e\n(n := 10)\nf(n := 1, *a, **b, c=lambda: 1)\na.b.c(1)[2].d\n...\n",
  "1 < 2 < 3 != x\na @ b ** -c ** d // e % ~f\nnot a in b\n-a.b ** 2\na << 1 | b & c ^ d\n",
  "x: List[int] | A | B = []\ny: A[B] | C[D] | None\nz: a.B[C] | D | E\nw: Optional[A[B] | C | D]\n",
  "x = yield\ny = yield from z\nz = a, b = yield 1, 2\ndef f():\n    yield a, b\n    yield\n",
  "global a, b\nnonlocal c\nassert a, 'b'\ndel (a), b\nraise\n",
  'x = f"a{b!r:>{w}}{c=}{d[0]:%Y-%m}{{}}" "e" \'f\'\ny = rf\'{a}\\d\'\nz = f"""{\n  a(1)\n}"""\n',
  "x = b'a' rb\"\\x\" u'''b'''\ny = 'it\\'s \\\n on'\n",
  "x = (1 +  # one\n     2)\ny = [\n  1,\n  2,\n]\nz = a \\\n    + b\n",
  "def f():\n    x = 1  # here\n\n\ndef g():\n    y = 2\n    # after\n    # more\n  # less\n\n# top\nclass A:\n    def m(self):\n        pass\n        # inner\n    # outer\n# end",
  "if a:\n\tb()\n\tif c:\n\t\td()\ne()\n",
  "if a:\r\n    b()\r\n    # c\r\n\r\nd = '''x\r\ny'''\r\n",
  "größe = Ä.objects.filter(naïve=1)\nclass Ünder(Base): x = 1\n",
  "match = 1\ntype = match\nprint(match, type)\nmatch.group(1)\ntype: int = 3\n",
  "def f(a, b=(yield), *, c): ...\n",
  "x = 0xFF + 0o17 + 0b1 + 1_000.5e-3j + .5\n",
  "if x:\n    pass\n\x0c\nclass A: pass\n",
];

describe("Plain Python", () => {
  let parser: PythonParser;
  before(async () => {
    parser = await createPythonParser(TEST_ASSETS);
  });
  after(() => parser.delete());

  /** Whether the plain parser reads a text; then it has to read what the grammar of tree-sitter reads. */
  function agrees(text: string): boolean {
    const root = parsePlainPython(text);
    if (!root) return false;
    const recovered = parser.parse(text);
    assert.deepEqual(recovered.errors, [], `accepted, but not valid:\n${text}`);
    const expected = parsePython({ parse: () => recovered }, text);
    assert.deepEqual(parsePython({ parse: () => ({ root, errors: [] }) }, text), expected, text);
    return true;
  }

  for (const snippet of SNIPPETS) {
    it(`C01 reads as the full grammar does ${JSON.stringify(snippet.slice(0, 50))}`, () => {
      assert.ok(agrees(snippet), "not read as plain");
    });
  }

  it("C01 reads every file of the sample workspaces as the full grammar does", () => {
    const files = globSync("**/*.py", { cwd: workspaces });
    const plain = files.filter((file) => agrees(readFileSync(join(workspaces, file), "utf8")));
    assert.ok(files.length >= 40, `${files.length} files`);
    assert.ok(plain.length >= files.length * 0.9, `${plain.length} of ${files.length}`);
  });

  it("C08 leaves to the full grammar what it does not know", () => {
    const others = [
      "match x:\n    case 1: pass\n",
      "match (x):\n    case 1: pass\n",
      "type X = int\n",
      'print "x"\n',
      "print >>f, x\n",
      "exec 'x'\n",
      "x = (1\ny = 2\n",
      "x = 1 2\n",
      "if x:\npass\n",
      "  x = 1\n",
      "def f(:\n    pass\n",
      "f() = 1\n",
      "x = 'a\n",
      "x = '''a\n",
      "a = $b\n",
      "try:\n    pass\nx = 1\n",
      "f'{a'\n",
      "f'}'\n",
      "f'\\N{DASH}'\n",
      "if a:\n        b\n    c\n",
      `${"(".repeat(400)}1${")".repeat(400)}`,
      `${"-".repeat(5_000)}1`,
    ];
    for (const text of others) assert.equal(parsePlainPython(text), null, text.slice(0, 40));
  });

  it("C03 agrees with the full grammar on whatever changes while someone types", () => {
    const texts = globSync("**/*.py", { cwd: workspaces })
      .map((file) => readFileSync(join(workspaces, file), "utf8"))
      .filter(({ length }) => length > 200 && length < 4_000)
      .concat(SNIPPETS.filter(({ length }) => length > 40));
    const pieces = '( ) [ ] { } : , " \' """ \\ # @ . = == := * ** -> ; ! & f"{ }"'.split(" ");
    const words = "if for in def class lambda not await yield as else import async print x 1".split(" ");
    const marks = [...pieces, "    ", ...words.map((word) => `${word} `)];
    let state = 11;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % limit;
    };
    let read = 0;
    for (let round = 0; round < 600; round++) {
      const text = texts[below(texts.length)] ?? "";
      const at = below(text.length);
      const mark = marks[below(marks.length)] ?? "";
      const removed = below(3) === 0 ? 1 + below(12) : 0;
      if (agrees(text.slice(0, at) + mark + text.slice(at + removed))) read++;
    }
    assert.ok(read > 60, `${read} of 600 were plain`);
  });
});
