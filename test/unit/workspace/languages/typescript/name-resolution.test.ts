import assert from "node:assert/strict";
import {
  moduleNames,
  NameResolver,
  type Origin,
} from "../../../../../src/workspace/languages/typescript/name-resolution.ts";
import { parseTypeScript } from "../../../../../src/workspace/languages/typescript/outline.ts";
import { readProjectConfig } from "../../../../../src/workspace/languages/typescript/project-config.ts";

function resolverOf(files: Readonly<Record<string, string>>): NameResolver {
  const names = new Map();
  const configs = new Map();
  for (const [uri, text] of Object.entries(files)) {
    if (uri.endsWith(".json")) configs.set(uri, readProjectConfig(uri, text));
    else names.set(uri, moduleNames(parseTypeScript(text, uri)));
  }
  return new NameResolver(names, configs);
}

function shown(origin: Origin | null): string {
  if (!origin) return "nothing";
  return origin.kind === "workspace" ? `${origin.uri}#${origin.name}` : `${origin.module}#${origin.name}`;
}

describe("name resolution of TypeScript", () => {
  it("C04 follows relative imports with the rules for extensions and index files", () => {
    const resolver = resolverOf({
      "src/a.ts": `import { x } from "./b.js"; import { y } from "./c"; import z from "../lib/d"; import { w } from "./e.service";`,
      "src/b.ts": "export const x = 1;",
      "src/c/index.tsx": "export const y = 1;",
      "lib/d.cjs": "module.exports = function d() {};",
      "src/e.service.ts": "export const w = 1;",
    });
    assert.deepEqual(
      ["x", "y", "z", "w", "own"].map((name) => shown(resolver.resolve("src/a.ts", name))),
      ["src/b.ts#x", "src/c/index.tsx#y", "lib/d.cjs#d", "src/e.service.ts#w", "src/a.ts#own"],
    );
  });

  it("C04 follows re-exports, renamed, starred and as a namespace", () => {
    const resolver = resolverOf({
      "a.ts": `import { one, two, three, ns } from "./barrel";`,
      "barrel.ts": `export { x as one } from "./x"; export * from "./y"; import three from "./z"; export { three }; export * as ns from "./y";`,
      "x.ts": "export const x = 1;",
      "y.ts": "export const two = 2; export default 5;",
      "z.ts": "const router = 1; export default router;",
    });
    assert.deepEqual(
      ["one", "two", "three", "ns"].map((name) => shown(resolver.resolve("a.ts", name))),
      ["x.ts#x", "y.ts#two", "z.ts#router", "y.ts#*"],
    );
    const namespace = resolver.resolve("a.ts", "ns");
    assert.equal(namespace && shown(resolver.member(namespace, "two")), "y.ts#two");
  });

  it("C04 follows CommonJS modules", () => {
    const resolver = resolverOf({
      "a.js": `const whole = require("./whole"); const { part } = require("./parts"); const parts = require("./parts"); const index = require("./");`,
      "whole.js": "const router = express.Router(); module.exports = router;",
      "parts.js": "exports.part = () => 1; exports.other = () => 2;",
      "index.js": "module.exports = { deep: require('./parts'), part: require('./parts').part };",
    });
    assert.deepEqual(
      ["whole", "part", "parts"].map((name) => shown(resolver.resolve("a.js", name))),
      ["whole.js#router", "parts.js#exports.part", "parts.js#*"],
    );
    const parts = resolver.resolve("a.js", "parts");
    assert.equal(parts && shown(resolver.member(parts, "other")), "parts.js#exports.other");
    assert.equal(shown(resolver.resolveExport("index.js", "deep")), "parts.js#*");
  });

  it("C04 follows path mappings, baseUrl, inherited configurations and packages of the workspace", () => {
    const resolver = resolverOf({
      "tsconfig.base.json": `{ // shared
        "compilerOptions": { "paths": { "@lib/*": ["libs/*/src/index.ts"], }, }, }`,
      "apps/api/tsconfig.json": `{"compilerOptions": {"baseUrl": "src", "paths": {"@/*": ["./*"]}}}`,
      "apps/web/tsconfig.json": `{"extends": "../../tsconfig.base.json"}`,
      "packages/db/package.json": `{"name": "@acme/db", "main": "./client.ts"}`,
      "packages/db/client.ts": "export const prisma = 1;",
      "packages/db/helpers.ts": "export const help = 1;",
      "libs/auth/src/index.ts": "export const guard = 1;",
      "apps/api/src/util/log.ts": "export const log = 1;",
      "apps/api/src/main.ts": `import { log } from "@/util/log"; import { log as same } from "util/log"; import { prisma } from "@acme/db"; import { help } from "@acme/db/helpers"; import { z } from "zod";`,
      "apps/web/main.ts": `import { guard } from "@lib/auth";`,
    });
    assert.deepEqual(
      ["log", "same", "prisma", "help", "z"].map((name) =>
        shown(resolver.resolve("apps/api/src/main.ts", name)),
      ),
      [
        "apps/api/src/util/log.ts#log",
        "apps/api/src/util/log.ts#log",
        "packages/db/client.ts#prisma",
        "packages/db/helpers.ts#help",
        "zod#z",
      ],
    );
    assert.equal(shown(resolver.resolve("apps/web/main.ts", "guard")), "libs/auth/src/index.ts#guard");
  });

  it("C08 ends at cycles and at modules that are not there", () => {
    const resolver = resolverOf({
      "a.ts": `export * from "./b"; export { x } from "./b"; import { x as y } from "./missing";`,
      "b.ts": `export * from "./a"; export { x } from "./a";`,
    });
    assert.equal(shown(resolver.resolveExport("a.ts", "x")), "nothing");
    assert.equal(shown(resolver.resolveExport("a.ts", "nowhere")), "nothing");
    assert.equal(shown(resolver.resolve("a.ts", "y")), "nothing");
  });
});
