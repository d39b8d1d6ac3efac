import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { localImports } from "../../../../../src/workspace/languages/python/local-imports.ts";
import type {
  PythonImport,
  PythonLoop,
  PythonModule,
} from "../../../../../src/workspace/languages/python/module.ts";
import { parsePython } from "../../../../../src/workspace/languages/python/outline.ts";
import {
  createPythonParser,
  type PythonParser,
} from "../../../../../src/workspace/languages/python/parser.ts";
import { TEST_ASSETS } from "../parser-assets.ts";

let parser: PythonParser;
const parse = (source: string): PythonModule => parsePython(parser, source);

describe("Python outline: what functions hold", () => {
  before(async () => {
    parser = await createPythonParser(TEST_ASSETS);
  });
  after(() => parser.delete());

  it("C01 reads imports inside of functions, and inner functions that are decorated or returned", () => {
    const module = parse(
      [
        "from a import Kept",
        "def make():",
        "    from .views import (books, orders as o)",
        "    import app.auth as auth",
        "    @app.get('/x')",
        "    def shown(): ...",
        "    def hidden():",
        "        from deep import Deep",
        "    def checker(user): ...",
        "    return checker",
        "class View:",
        "    def get(self):",
        "        from b import Kept, Other",
        "",
      ].join("\n"),
    );
    const line = ({ module: from, name, alias }: PythonImport) => `${from} ${name} ${alias}`;
    assert.deepEqual(module.imports.map(line), ["a Kept Kept"]);
    assert.deepEqual(module.functions[0]?.imports.map(line), [
      ".views books books",
      ".views orders o",
      "app.auth null auth",
      "deep Deep Deep",
    ]);
    assert.deepEqual(
      module.functions[0]?.functions.map(({ name }) => name),
      ["shown", "checker"],
    );
    assert.deepEqual(
      localImports(module).map(line),
      [".views books books", ".views orders o", "app.auth null auth", "deep Deep Deep", "b Other Other"],
      "what the top level binds keeps its meaning",
    );
  });

  it("C01 reads loops at the top level and in functions, not those of inner functions", () => {
    const module = parse(
      [
        "for router in (a, b):",
        "    app.include_router(router)",
        "def make():",
        "    for name, view in views.items():",
        "        for path in [1]: add(name)",
        "    def inner():",
        "        for hidden in []: ...",
        "",
      ].join("\n"),
    );
    const line = ({ target, list, span }: PythonLoop) => `${target.k} ${list.k} ${span[0]}-${span[2]}`;
    assert.deepEqual(module.loops.map(line), ["name list 0-1"]);
    assert.deepEqual(module.functions[0]?.loops.map(line), ["list call 3-4", "name list 4-4"]);
  });
});
