import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod } from "../../ir/route.ts";
import type { Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { EntryFact } from "./facts.ts";
import type { PlacedExpression, Program } from "./program.ts";
import type { PlacedEntry, Router, RouterTable } from "./routers.ts";
import { covers, joinRoute, textsOf } from "./texts.ts";

/** A middleware in force on a route, with where it was attached. */
export interface Attached {
  readonly uri: string;
  readonly scope: number;
  readonly value: Expression;
  /** Text of the expression; "" for a function written in place. */
  readonly text: string;
  readonly level: "global" | "group" | "method";
  readonly source: SourceRef;
}

/** One method on one full path, before handlers and guards are looked at. */
export interface FoundRoute {
  readonly method: HttpMethod;
  readonly path: string;
  readonly placed: PlacedEntry;
  readonly handler: Expression;
  readonly handlerText: string;
  readonly middleware: readonly Attached[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  /** Reached from an app; false for a router that nothing mounts. */
  readonly mounted: boolean;
}

interface Surroundings {
  readonly prefix: string;
  /** Middleware in force so far, each with the path it covers; grows while a router is read. */
  readonly inForce: (Attached & { readonly covers: string })[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly mounted: boolean;
  readonly isApp: boolean;
  /** Keys of the routers around, against cycles. */
  readonly path: ReadonlySet<string>;
}

const ROUTE_LIMIT = 20_000;

/** Reads every app from its root, then the routers that no app leads to. */
export class RouteWalk {
  readonly found: FoundRoute[] = [];
  readonly #program: Program;
  readonly #table: RouterTable;
  readonly #reached = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(program: Program, table: RouterTable) {
    this.#program = program;
    this.#table = table;
  }

  run(): readonly FoundRoute[] {
    const routers = [...this.#table.routers];
    const mounted = this.#mountedKeys(routers);
    for (const router of routers) {
      if (router.kind === "app" && !mounted.has(router.key)) this.#read(router, root(true));
    }
    for (const router of routers) {
      if (!mounted.has(router.key)) this.#readUnmounted(router);
    }
    // Routers that only mount each other.
    for (const router of routers) this.#readUnmounted(router);
    return this.found;
  }

  #readUnmounted(router: Router): void {
    if (router.plausible && !this.#reached.has(router.key)) this.#read(router, root(false));
  }

  #mountedKeys(routers: readonly Router[]): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const { entries } of routers) {
      for (const { uri, entry } of entries) {
        if (entry.kind === "pass") {
          const target = this.#passedTo(uri, entry);
          if (target) keys.add(target.key);
        } else if (entry.kind === "use") {
          for (const item of entry.items) {
            const router = this.#table.routerOf(uri, entry.scope, item);
            if (router) keys.add(router.key);
          }
        }
      }
    }
    return keys;
  }

  #read(router: Router, around: Surroundings): void {
    if (around.path.has(router.key) || this.found.length > ROUTE_LIMIT) return;
    this.#reached.add(router.key);
    const inside: Surroundings = { ...around, path: new Set([...around.path, router.key]) };
    let chain: Attached[] = [];
    let chainKey = "";
    for (const placed of router.entries) {
      const { entry } = placed;
      const key = entry.inChain ? `${placed.uri}:${JSON.stringify(entry.path)}:${entry.scope}` : "";
      if (key !== chainKey) chain = [];
      chainKey = key;
      switch (entry.kind) {
        case "use":
          this.#use(placed, inside);
          break;
        case "pass":
          this.#pass(placed, inside);
          break;
        case "all":
          if (entry.inChain && this.#hasFollower(router, placed)) {
            chain.push(...this.#attached(placed, entry.items, "method"));
          } else if (this.#passesOn(placed)) this.#use(placed, inside);
          else this.#route(placed, inside, chain);
          break;
        case "route":
          this.#route(placed, inside, chain);
      }
    }
  }

  /** `route(path).all(a).get(b)`: the `all` is shared by what follows in the same chain. */
  #hasFollower(router: Router, placed: PlacedEntry): boolean {
    const next = router.entries[router.entries.indexOf(placed) + 1];
    return (
      next?.uri === placed.uri &&
      next.entry.inChain &&
      JSON.stringify(next.entry.path) === JSON.stringify(placed.entry.path)
    );
  }

  /** `app.all("/admin/*", requireAuth)`: a middleware written as a route. */
  #passesOn({ uri, entry }: PlacedEntry): boolean {
    const last = entry.items.at(-1);
    const found = last && this.#program.functionOf(uri, entry.scope, last);
    const path = entry.path && textsOf(this.#program, uri, entry.scope, entry.path)[0]?.text;
    return /\*/.test(path ?? "") && (found?.fact.parameters.length ?? 0) >= 3;
  }

  #use(written: PlacedEntry, around: Surroundings): void {
    const placed = this.#withPath(written);
    const { uri, entry } = placed;
    const level = around.isApp && entry.path === null ? "global" : "group";
    for (const { path, gaps } of this.#paths(placed, around)) {
      const before: (Attached & { readonly covers: string })[] = [];
      entry.items.forEach((item, index) => {
        const router = this.#table.routerOf(uri, entry.scope, item);
        if (router && (router.kind !== "parameter" || router.plausible)) {
          this.#read(router, {
            ...around,
            prefix: path,
            inForce: [...around.inForce, ...before],
            mounts: [...around.mounts, sourceOf(placed)],
            gaps,
            isApp: router.kind === "app",
          });
          return;
        }
        for (const attached of this.#attached(placed, [item], level, index)) {
          before.push({ ...attached, covers: path });
        }
      });
      around.inForce.push(...before);
    }
  }

  /** `app.use(PREFIX, router)`: what the first of several arguments is set to decides whether it is a path. */
  #withPath(placed: PlacedEntry): PlacedEntry {
    const { uri, entry } = placed;
    const [first] = entry.items;
    if (entry.path !== null || !first || entry.items.length < 2) return placed;
    if (first.k === "function" || first.k === "call") return placed;
    const texts = textsOf(this.#program, uri, entry.scope, first);
    if (texts.some(({ text, unknown }) => unknown !== null && !text.startsWith("/"))) return placed;
    return {
      uri,
      entry: {
        ...entry,
        path: first,
        items: entry.items.slice(1),
        texts: entry.texts.slice(1),
        hashes: entry.hashes.slice(1),
      },
    };
  }

  #pass(placed: PlacedEntry, around: Surroundings): void {
    const target = this.#passedTo(placed.uri, placed.entry);
    // The function registers on this very router: what it attaches stays in force here.
    if (target) this.#read(target, { ...around, mounts: [...around.mounts, sourceOf(placed)] });
  }

  #passedTo(uri: string, entry: EntryFact): Router | null {
    const callee = entry.items[0];
    if (!callee) return null;
    const called = this.#program.calledFunction(uri, entry.scope, {
      k: "call",
      callee,
      args: [],
      span: entry.span,
    });
    if (called) return this.#table.parameterRouter(called.uri, called.index, entry.argument);
    const made = this.#program.origin(uri, entry.scope, callee);
    if (made?.kind !== "workspace") return null;
    const build = this.#program.functionOfOrigin({ ...made, name: `${made.name}.constructor` });
    return build ? this.#table.parameterRouter(build.uri, build.index, entry.argument) : null;
  }

  #route(placed: PlacedEntry, around: Surroundings, chain: readonly Attached[]): void {
    const { entry } = placed;
    const handler = entry.items.at(-1);
    if (!handler) return;
    const method = entry.kind === "all" ? "ANY" : (entry.method as HttpMethod);
    for (const { path, gaps } of this.#paths(placed, around)) {
      // Two apps that one function sets up (the second for tests) have the same routes.
      const key = [method, path, placed.uri, ...entry.span].join(" ");
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.found.push({
        method,
        path,
        placed,
        handler,
        handlerText: entry.texts.at(-1) ?? "",
        middleware: [
          ...around.inForce.filter((attached) => covers(attached.covers, path)),
          ...chain,
          ...this.#attached(placed, entry.items.slice(0, -1), "method"),
        ],
        mounts: [...around.mounts, sourceOf(placed)],
        gaps,
        mounted: around.mounted,
      });
    }
  }

  #attached(
    placed: PlacedEntry,
    items: readonly Expression[],
    level: Attached["level"],
    first = 0,
  ): readonly Attached[] {
    const { uri, entry } = placed;
    return items.flatMap((value, offset) => {
      const source = { uri, range: rangeOf(value.span), hash: entry.hashes[first + offset] ?? "" };
      const list = this.#listBehind(uri, entry.scope, value);
      if (list?.value.k === "list") {
        // `const staff = [requireAuth, requireRole("STAFF")]`: each is in force, attached where the list is named.
        return list.value.items.map((item) => ({
          uri: list.uri,
          scope: list.scope,
          value: item,
          text: item.k === "function" ? "" : rendered(item),
          level,
          source,
        }));
      }
      return [{ uri, scope: entry.scope, value, text: entry.texts[first + offset] ?? "", level, source }];
    });
  }

  #listBehind(uri: string, scope: number, value: Expression): PlacedExpression | null {
    const named = value.k === "binary" && value.op === "..." ? value.right : value;
    if (named.k !== "name" && named.k !== "member") return null;
    const local = named.k === "name" ? this.#program.assigned(uri, scope, named.value) : null;
    if (local) return local;
    const origin = this.#program.origin(uri, scope, named);
    return origin && this.#program.valueOf(origin);
  }

  #paths(
    placed: PlacedEntry,
    around: Surroundings,
  ): readonly { readonly path: string; readonly gaps: readonly Gap[] }[] {
    const { uri, entry } = placed;
    if (entry.path === null) return [{ path: joinRoute(around.prefix, ""), gaps: around.gaps }];
    return textsOf(this.#program, uri, entry.scope, entry.path).map(({ text, unknown }) => ({
      path: joinRoute(around.prefix, text),
      gaps:
        unknown === null
          ? around.gaps
          : [
              ...around.gaps,
              {
                what: `path: \`${unknown}\``,
                why: "its value is not written out in the workspace",
                source: sourceOf(placed),
              },
            ],
    }));
  }
}

function root(mounted: boolean): Surroundings {
  return { prefix: "", inForce: [], mounts: [], gaps: [], mounted, isApp: mounted, path: new Set() };
}

function sourceOf({ uri, entry }: PlacedEntry): SourceRef {
  return { uri, range: rangeOf(entry.span), hash: entry.hash };
}
