import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod } from "../../ir/route.ts";
import type { Expression } from "../../languages/expression.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { flattened } from "../node/dialect.ts";
import { dialectByHandlers } from "../node/dialect-by-handlers.ts";
import type { EntryFact } from "../node/facts.ts";
import type { PlacedExpression, Program } from "../node/program.ts";
import type { PlacedEntry, Router, RouterTable } from "../node/routers.ts";
import { textsOf } from "../node/texts.ts";
import {
  type Attached,
  attachedOf,
  calledBy,
  type FoundRoute,
  type Mounted,
  ROUTE_LIMIT,
  sourceOf,
  unknownPath,
} from "../node/walk.ts";
import { autoloaded, type LoadedFile } from "./autoload.ts";
import { fastifyDialect, joinFastify } from "./dialect.ts";
import { type Plugin, packageOf, pluginOf, pluginOfModule } from "./plugin.ts";

/** Hooks that run before the handler, in the order in which they do. */
const STAGES: readonly string[] = ["onRequest", "preParsing", "preValidation", "preHandler"];
const METHODS = /^(?:get|post|put|patch|delete|head|options|all)$/;
const AUTOLOAD = /^(?:@fastify\/autoload|fastify-autoload)$/;

interface Hooked extends Attached {
  readonly stage: number;
}

/** An instance: what is in front of its paths, and the hooks that its routes get. */
interface Instance {
  readonly prefix: string;
  /** Grows while plugins that share the instance are read. */
  readonly hooks: Hooked[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly mounted: Mounted;
  readonly isRoot: boolean;
  readonly path: ReadonlySet<string>;
}

/** Reads every Fastify instance from its root over its plugins, then the plugins that nothing registers. */
export class FastifyWalk {
  readonly found: FoundRoute[] = [];
  readonly gaps: Gap[] = [];
  readonly #program: Program;
  readonly #table: RouterTable;
  readonly #uris: readonly string[];
  /** Keys of the instances that were read. */
  readonly reached = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(program: Program, table: RouterTable, uris: readonly string[]) {
    this.#program = program;
    this.#table = table;
    this.#uris = uris;
  }

  run(): readonly FoundRoute[] {
    const routers = [...this.#table.routers];
    for (const router of routers) {
      if (router.kind === "app" && router.dialect?.id === "fastify") this.#read(router, rootInstance("app"));
    }
    const rest = routers.filter((router) => !this.reached.has(router.key) && isInstance(router));
    const handed = new Set(rest.flatMap((router) => this.#targets(router)));
    for (const router of rest) if (!handed.has(router.key)) this.#readRest(router);
    for (const router of rest) this.#readRest(router);
    return this.found;
  }

  #readRest(router: Router): void {
    if (!this.reached.has(router.key)) this.#read(router, rootInstance("not"));
  }

  /** Keys of the instances that an instance is handed on as. */
  #targets(router: Router): readonly string[] {
    return router.entries.flatMap(({ uri, entry }) => {
      const [first] = entry.args;
      if (!first || (entry.verb !== "register" && entry.verb !== "")) return [];
      const plugin =
        entry.verb === "" ? null : pluginOf(this.#program, { uri, scope: entry.scope, value: first });
      const target = plugin ? this.#inside(plugin) : this.#passed(uri, entry);
      return target ? [target.key] : [];
    });
  }

  #inside({ function: { uri, index } }: Plugin): Router | null {
    return this.#table.parameterRouter(uri, index, 0);
  }

  #passed(uri: string, entry: EntryFact): Router | null {
    const called = entry.verb === "" ? calledBy(this.#program, uri, entry) : null;
    return called && this.#table.parameterRouter(called.uri, called.index, entry.argument, entry.property);
  }

  #read(router: Router, instance: Instance): void {
    if (instance.path.has(router.key) || this.found.length > ROUTE_LIMIT) return;
    this.reached.add(router.key);
    const inside: Instance = { ...instance, path: new Set([...instance.path, router.key]) };
    // Hooks of an instance run for all of its routes, wherever they stand; those of shared plugins from there on.
    for (const placed of router.entries) if (placed.entry.verb === "addHook") this.#hook(placed, inside);
    for (const placed of router.entries) {
      if (placed.entry.verb === "register") this.#register(placed, inside);
      else if (placed.entry.verb === "") {
        const target = this.#passed(placed.uri, placed.entry);
        if (target) this.#read(target, { ...inside, mounts: [...inside.mounts, sourceOf(placed)] });
      }
    }
    for (const placed of router.entries) this.#routes(placed, inside);
  }

  #hook(placed: PlacedEntry, instance: Instance): void {
    const [name, ...items] = placed.entry.args;
    const stage = name?.k === "string" ? STAGES.indexOf(name.value) : -1;
    if (stage < 0) return;
    const level = instance.isRoot ? "global" : "group";
    for (const item of items.flatMap(flattened)) {
      for (const attached of attachedOf(this.#program, placed, item, level))
        instance.hooks.push({ ...attached, stage });
    }
  }

  #register(placed: PlacedEntry, instance: Instance): void {
    const { uri, entry } = placed;
    const [first, second] = entry.args;
    if (!first) return;
    const value = { uri, scope: entry.scope, value: first };
    const options = second ? { uri, scope: entry.scope, value: second } : null;
    if (AUTOLOAD.test(packageOf(this.#program, value) ?? "")) {
      this.#autoload(placed, options, instance);
      return;
    }
    const plugin = pluginOf(this.#program, value);
    const target = plugin && this.#inside(plugin);
    if (!plugin || !target) return;
    const mounts = [...instance.mounts, sourceOf(placed)];
    if (plugin.shared) {
      this.#read(target, { ...instance, mounts });
      return;
    }
    const prefix = options && this.#program.dictProperty(options, "prefix");
    const texts = prefix ? textsOf(this.#program, prefix.uri, prefix.scope, prefix.value) : [];
    const text = texts[0] ?? { text: "", unknown: null };
    this.#read(target, {
      ...instance,
      prefix: text.text === "" ? instance.prefix : joinFastify(instance.prefix, text.text),
      hooks: [...instance.hooks],
      mounts,
      gaps: text.unknown === null ? instance.gaps : [...instance.gaps, unknownPath(text.unknown, placed)],
      isRoot: false,
    });
  }

  #autoload(placed: PlacedEntry, options: PlacedExpression | null, instance: Instance): void {
    const files = options && autoloaded(this.#program, options, this.#uris);
    if (!files) {
      this.gaps.push({
        what: `the plugins that ${placed.uri} loads from a folder`,
        why: "the folder given to @fastify/autoload is not written out",
        source: sourceOf(placed),
      });
      return;
    }
    for (const file of files) this.#loaded(placed, file, instance);
  }

  #loaded(placed: PlacedEntry, file: LoadedFile, instance: Instance): void {
    const mounts = [...instance.mounts, sourceOf(placed)];
    const around: Instance = {
      ...instance,
      mounts,
      hooks: file.shared ? instance.hooks : [...instance.hooks],
    };
    for (const uri of file.hooks) {
      const hooks = pluginOfModule(this.#program, { kind: "workspace", uri, name: "*" });
      const target = hooks && this.#inside(hooks);
      if (target) this.#read(target, { ...around, isRoot: false });
    }
    const plugin = pluginOfModule(this.#program, { kind: "workspace", uri: file.uri, name: "*" });
    const target = plugin && this.#inside(plugin);
    if (!plugin || !target) return;
    if (plugin.shared || file.shared) {
      this.#read(target, { ...instance, mounts });
      return;
    }
    const prefix = file.prefix === "" ? around.prefix : joinFastify(around.prefix, file.prefix);
    this.#read(target, { ...around, prefix, isRoot: false });
  }

  #routes(placed: PlacedEntry, instance: Instance): void {
    const { uri, entry } = placed;
    const { verb, args } = entry;
    const at = (value: Expression): PlacedExpression => ({ uri, scope: entry.scope, value });
    if (verb === "route" && args[0]) {
      const options = this.#program.settled(at(args[0]));
      if (options?.value.k === "dict") this.#route(placed, instance, { options });
      return;
    }
    if (!METHODS.test(verb) || !args[0]) return;
    const [path, second, third] = args;
    if (!second) return;
    const isHandler = second.k === "function" || third === undefined;
    const options = third !== undefined || !isHandler ? at(second) : at(second);
    const settled = isHandler && second.k === "function" ? null : this.#program.settled(options);
    const dict = settled?.value.k === "dict" ? settled : null;
    const handler = third ?? (dict ? null : second);
    this.#route(placed, instance, {
      options: dict,
      method: verb,
      path: at(path),
      handler: handler && at(handler),
    });
  }

  #route(
    placed: PlacedEntry,
    instance: Instance,
    written: {
      readonly options: PlacedExpression | null;
      readonly method?: string;
      readonly path?: PlacedExpression | undefined;
      readonly handler?: PlacedExpression | null;
    },
  ): void {
    const { options } = written;
    const property = (name: string) => options && this.#program.property(options, name);
    const path = written.path ?? property("url") ?? property("path");
    const method = property("method");
    const methods =
      written.method !== undefined
        ? [written.method === "all" ? "ANY" : written.method.toUpperCase()]
        : method
          ? textsOf(this.#program, method.uri, method.scope, method.value).map(({ text }) =>
              text.toUpperCase(),
            )
          : [];
    const handler = written.handler ?? property("handler");
    if (!path || !handler) return;
    const own = STAGES.flatMap((name, stage) => {
      const value = property(name);
      return value ? this.#ownHooks(placed, value).map((attached) => ({ ...attached, stage })) : [];
    });
    const middleware = [...instance.hooks, ...own].sort((a, b) => a.stage - b.stage);
    for (const { text, unknown } of textsOf(this.#program, path.uri, path.scope, path.value)) {
      const full = joinFastify(instance.prefix, text);
      for (const name of methods.filter(isMethod)) {
        const site = placed.at ?? placed;
        const key = [name, full, site.uri, ...site.entry.span].join(" ");
        if (this.#seen.has(key)) continue;
        this.#seen.add(key);
        this.found.push({
          dialect: fastifyDialect,
          method: name,
          path: full,
          uri: site.uri,
          entry: site.entry,
          handler,
          middleware,
          options,
          mounts: [...instance.mounts, sourceOf(site)],
          gaps: unknown === null ? instance.gaps : [...instance.gaps, unknownPath(unknown, placed)],
          mounted: instance.mounted,
        });
      }
    }
  }

  #ownHooks(placed: PlacedEntry, { uri, scope, value }: PlacedExpression): readonly Attached[] {
    const items = flattened(value);
    if (uri === placed.uri) {
      return items.flatMap((item) => attachedOf(this.#program, placed, item, "method", scope));
    }
    // Options written in another file: the guard is named there, attached here.
    const source = { uri: placed.uri, range: rangeOf(placed.entry.span), hash: placed.entry.hash };
    return items.flatMap((item) =>
      attachedOf(this.#program, { uri, entry: placed.entry, at: null }, item, "method", scope).map(
        (attached) => ({
          ...attached,
          source,
        }),
      ),
    );
  }
}

/** A parameter that by its type, its name or the handlers on it is an instance of Fastify. */
function isInstance({ kind, dialect, name, plausible, entries }: Router): boolean {
  if (dialect) return dialect.id === "fastify";
  if (kind !== "parameter" || !plausible) return false;
  if (name === "fastify" || entries.some(({ entry }) => /^(?:register|addHook)$/.test(entry.verb)))
    return true;
  return dialectByHandlers(entries)?.id === "fastify";
}

function isMethod(method: string): method is HttpMethod {
  return /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY)$/.test(method);
}

function rootInstance(mounted: Mounted): Instance {
  return { prefix: "", hooks: [], mounts: [], gaps: [], mounted, isRoot: mounted === "app", path: new Set() };
}
