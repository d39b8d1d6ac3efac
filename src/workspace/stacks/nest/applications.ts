import type { HttpMethod } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf } from "../../languages/typescript/value-table.ts";
import { folderOf, sharedDepth } from "../../project-root.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { CodeFact, MiddlewareFact, NestFacts, SetupFact } from "./facts.ts";
import { type Attached, nameOf } from "./guards.ts";
import { isCommon, type NestProgram, type PlacedClass } from "./program.ts";

/** What `enableVersioning` says; null versions stand for `VERSION_NEUTRAL`. */
export interface Versioning {
  /** Versions are part of the path; otherwise of a header. */
  readonly inPath: boolean;
  readonly prefix: string;
  readonly default: readonly (string | null)[];
}

/** One application: what is set up for all of its routes. */
export interface Application {
  readonly uri: string;
  /** Key of the root module; null when it was not found. */
  readonly root: string | null;
  readonly prefix: string;
  /** Part of the prefix that could not be known; null when all of it is. */
  readonly unknownPrefix: string | null;
  readonly prefixSource: SourceRef | null;
  /** Paths and methods that the prefix leaves out. */
  readonly excluded: readonly { readonly path: string; readonly method: string | null }[];
  readonly versioning: Versioning | null;
  readonly guards: readonly Attached[];
  readonly pipes: readonly Attached[];
}

/** Where a controller is reached: by which modules, below which path. */
export interface Reach {
  readonly application: Application | null;
  /** A module lists the controller. */
  readonly isListed: boolean;
  /** Path that `RouterModule` gives to its module. */
  readonly modulePath: string;
  readonly moduleSource: SourceRef | null;
  readonly guards: readonly Attached[];
  readonly pipes: readonly Attached[];
  readonly middleware: readonly AppliedMiddleware[];
}

/** Middleware of a module, for the routes it is written for. */
export interface AppliedMiddleware {
  readonly attached: readonly Attached[];
  readonly routes: readonly RouteMatch[];
  readonly excluded: readonly RouteMatch[];
}

/** A path, with or without a method, or all routes of a controller. */
export type RouteMatch =
  | { readonly path: string; readonly method: string | null }
  | { readonly controller: string };

interface ModuleFact {
  readonly middleware: readonly AppliedMiddleware[];
  readonly placed: PlacedClass;
  readonly imports: readonly string[];
  readonly controllers: readonly string[];
  readonly guards: readonly Attached[];
  readonly pipes: readonly Attached[];
  readonly routes: readonly { readonly module: string; readonly path: string; readonly source: SourceRef }[];
}

const DEPTH = 10;

/** The applications of the workspace and the modules they are made of. */
export class Applications {
  readonly #program: NestProgram;
  readonly #modules = new Map<string, ModuleFact>();
  readonly #applications: Application[] = [];
  /** Modules that each application reaches. */
  readonly #reached = new Map<Application, ReadonlySet<string>>();
  readonly #modulesOf = new Map<string, string[]>();
  readonly #parts = new Map<Application | null, readonly ModuleFact[]>();
  readonly #classes: PlacedClass[] = [];
  #bases: ReadonlySet<string> | null = null;

  constructor(program: NestProgram, facts: FactsByUri<NestFacts>) {
    this.#program = program;
    for (const [uri, fact] of facts) {
      if (fact.kind !== "code") continue;
      for (const entry of fact.classes) {
        this.#module({ uri, fact: entry }, fact.middleware);
        if (entry.extends) this.#classes.push({ uri, fact: entry });
      }
      const application = this.#application(uri, fact);
      if (application) this.#applications.push(application);
    }
    for (const [key, { controllers }] of this.#modules) {
      for (const controller of controllers) {
        const list = this.#modulesOf.get(controller);
        if (list) list.push(key);
        else this.#modulesOf.set(controller, [key]);
      }
    }
    for (const application of this.#applications)
      this.#reached.set(application, this.#closure(application.root));
  }

  /** How a controller is reached; from several modules only once. */
  reachOf(controller: PlacedClass): Reach {
    const modules = this.#modulesOf.get(keyOf(controller)) ?? [];
    const reaching = this.#applications.filter((application) =>
      modules.some((module) => this.#reached.get(application)?.has(module)),
    );
    const application = nearest(reaching, controller.uri) ?? nearest(this.#applications, controller.uri);
    const parts = this.#partsOf(application);
    const route = parts.flatMap(({ routes }) => routes).find((entry) => modules.includes(entry.module));
    return {
      application,
      isListed: modules.length > 0,
      modulePath: route?.path ?? "",
      moduleSource: route?.source ?? null,
      guards: [...parts.flatMap(({ guards }) => guards), ...(application?.guards ?? [])],
      pipes: [...parts.flatMap(({ pipes }) => pipes), ...(application?.pipes ?? [])],
      middleware: parts.flatMap(({ middleware }) => middleware),
    };
  }

  /** Another class extends it. */
  isBase(controller: PlacedClass): boolean {
    this.#bases ??= new Set(
      [...this.#classes].flatMap((placed) => {
        const base = this.#program.baseOf(placed);
        return base ? [keyOf(base)] : [];
      }),
    );
    return this.#bases.has(keyOf(controller));
  }

  /** Modules of an application; without a root that was found, every module counts as a part. */
  #partsOf(application: Application | null): readonly ModuleFact[] {
    const known = this.#parts.get(application);
    if (known) return known;
    const members = application ? this.#reached.get(application) : undefined;
    const parts = [...this.#modules].flatMap(([key, part]) =>
      !members || members.size === 0 || members.has(key) ? [part] : [],
    );
    this.#parts.set(application, parts);
    return parts;
  }

  #module(placed: PlacedClass, middleware: readonly MiddlewareFact[]): void {
    const { uri, fact } = placed;
    // Following the decorators of every class would cost more than all the rest.
    const written = fact.decorators.filter(({ value }) => /module/i.test(nameOf(value)));
    if (written.length === 0) return;
    const decorator = this.#program
      .decorators(uri, written)
      .find((candidate) => candidate.name === "Module" && isCommon(candidate));
    if (!decorator) return;
    const options = dictOf(
      this.#program.values.valueOf(decorator.uri, decorator.args[0] ?? fact.decorators[0]?.value ?? NOTHING)
        ?.value,
    );
    const imports = this.#items(uri, options.get("imports"));
    const providers = this.#items(uri, options.get("providers"));
    this.#modules.set(keyOf(placed), {
      placed,
      imports: imports.flatMap((item) => this.#keyAt(item.uri, item.value)),
      controllers: this.#items(uri, options.get("controllers")).flatMap((item) =>
        this.#keyAt(item.uri, item.value),
      ),
      guards: providers.flatMap((item) => this.#provided(placed, item, "APP_GUARD")),
      pipes: providers.flatMap((item) => this.#provided(placed, item, "APP_PIPE")),
      routes: imports.flatMap((item) => this.#routes(placed, item)),
      middleware: middleware
        .filter(({ within }) => within === fact.name)
        .map((entry) => this.#applied(uri, entry)),
    });
  }

  #applied(uri: string, { applied, excluded, routes, span, hash }: MiddlewareFact): AppliedMiddleware {
    const source = { uri, range: rangeOf(span), hash };
    return {
      attached: applied.map((value) => ({ scope: "group", uri, value, source })),
      routes: routes.flatMap((value) => this.#matches(uri, value)),
      excluded: excluded.flatMap((value) => this.#matches(uri, value)),
    };
  }

  /** `"users"`, `{ path: "users", method: RequestMethod.GET }`, `UserController`. */
  #matches(uri: string, value: Expression): readonly RouteMatch[] {
    const path = pathMatch(this.#program, uri, value);
    if (path) return [path];
    return this.#keyAt(uri, value).map((controller) => ({ controller }));
  }

  /** Items of a list, with those of lists that are spread in. */
  #items(
    uri: string,
    value: Expression | undefined,
    depth = 0,
  ): readonly { readonly uri: string; readonly value: Expression }[] {
    if (!value || depth > DEPTH) return [];
    const list = this.#program.values.valueOf(uri, value);
    if (list?.value.k !== "list") return [];
    return list.value.items.flatMap((item) =>
      item.k === "binary" && item.op === "..."
        ? this.#items(list.uri, item.right, depth + 1)
        : [{ uri: list.uri, value: item }],
    );
  }

  #keyAt(uri: string, value: Expression): readonly string[] {
    const placed = this.#program.classOf(uri, value);
    return placed ? [keyOf(placed)] : [];
  }

  /** `{ provide: APP_GUARD, useClass: JwtAuthGuard }`. */
  #provided(
    placed: PlacedClass,
    item: { readonly uri: string; readonly value: Expression },
    token: string,
  ): readonly Attached[] {
    const provider = dictOf(this.#program.values.valueOf(item.uri, item.value)?.value);
    const provide = provider.get("provide");
    if (!provide || this.#program.named(item.uri, provide).name !== token) return [];
    const used =
      provider.get("useClass") ??
      provider.get("useExisting") ??
      provider.get("useValue") ??
      this.#made(item.uri, provider.get("useFactory"));
    if (!used) return [];
    const { uri, fact } = placed;
    return [
      {
        scope: "global",
        uri: item.uri,
        value: used,
        source: { uri, range: rangeOf(fact.nameSpan), hash: fact.nameHash },
      },
    ];
  }

  #made(uri: string, factory: Expression | undefined): Expression | undefined {
    return factory && this.#program.values.resultOf(uri, factory)?.value;
  }

  /** `RouterModule.register([{ path: "admin", module: AdminModule, children: […] }])`. */
  #routes(
    placed: PlacedClass,
    item: { readonly uri: string; readonly value: Expression },
  ): ModuleFact["routes"] {
    const { value, uri } = item;
    if (
      value.k !== "call" ||
      !/(?:^|\.)RouterModule\.(?:register|forRoutes)$/.test(dottedName(value.callee) ?? "")
    )
      return [];
    const { fact } = placed;
    const source = { uri: placed.uri, range: rangeOf(fact.nameSpan), hash: fact.nameHash };
    const read = (list: Expression | undefined, before: string, depth: number): ModuleFact["routes"] =>
      this.#items(uri, list).flatMap((entry) => {
        const options = dictOf(entry.value);
        const path = joined(before, this.#program.values.textOf(entry.uri, options.get("path")) ?? "");
        const target = options.get("module") ?? (entry.value.k === "name" ? entry.value : undefined);
        const own = target ? this.#keyAt(entry.uri, target).map((module) => ({ module, path, source })) : [];
        return depth > DEPTH ? own : [...own, ...read(options.get("children"), path, depth + 1)];
      });
    return read(value.args[0]?.value, "", 0);
  }

  #application(uri: string, { setup }: CodeFact): Application | null {
    const of = (kind: SetupFact["kind"]) => setup.filter((entry) => entry.kind === kind);
    const [created] = of("create");
    const [prefix] = of("prefix");
    const [versioning] = of("versioning");
    if (!created && !prefix && !versioning) return null;
    const { values } = this.#program;
    const rootClass = created?.args[0] ? this.#program.classOf(uri, created.args[0]) : null;
    const written = prefix?.args[0];
    const text = written ? values.textOf(uri, written) : "";
    const unknown = text === null ? (unknownName(written) ?? "prefix") : null;
    const attached = (kind: SetupFact["kind"]) =>
      of(kind).flatMap(({ args, span, hash }) =>
        args.map(
          (value): Attached => ({ scope: "global", uri, value, source: { uri, range: rangeOf(span), hash } }),
        ),
      );
    return {
      uri,
      root: rootClass ? keyOf(rootClass) : null,
      prefix: text ?? `\${${unknown}}`,
      unknownPrefix: unknown,
      prefixSource: prefix ? { uri, range: rangeOf(prefix.span), hash: prefix.hash } : null,
      excluded: itemsOf(
        dictOf(values.valueOf(uri, prefix?.args[1] ?? NOTHING)?.value).get("exclude"),
      ).flatMap((item) => pathMatch(this.#program, uri, item) ?? []),
      versioning: versioning ? this.#versioning(uri, versioning.args[0]) : null,
      guards: attached("guards"),
      pipes: attached("pipes"),
    };
  }

  #versioning(uri: string, value: Expression | undefined): Versioning {
    const options = dictOf(value && this.#program.values.valueOf(uri, value)?.value);
    const type = options.get("type");
    const prefix = options.get("prefix");
    const isOff = prefix?.k === "name" && prefix.value === "false";
    return {
      inPath: !type || dottedName(type)?.endsWith(".URI") === true,
      prefix: isOff ? "" : (this.#program.values.textOf(uri, prefix) ?? "v"),
      default: versionsOf(this.#program, uri, options.get("defaultVersion")),
    };
  }

  #closure(root: string | null): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = root === null ? [] : [root];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(...(this.#modules.get(key)?.imports ?? []));
    }
    return seen;
  }
}

/** Versions as written: one, a list, or `VERSION_NEUTRAL` (null). */
export function versionsOf(
  program: NestProgram,
  uri: string,
  value: Expression | undefined,
): readonly (string | null)[] {
  const list = value && program.values.valueOf(uri, value)?.value;
  return itemsOf(list ?? value).flatMap((item) => {
    if (program.named(uri, item).name === "VERSION_NEUTRAL") return [null];
    const text = program.values.textOf(uri, item);
    return text === null ? [] : [text];
  });
}

function pathMatch(
  program: NestProgram,
  uri: string,
  value: Expression,
): { readonly path: string; readonly method: string | null } | null {
  const options = dictOf(value);
  const path = program.values.textOf(uri, value.k === "dict" ? options.get("path") : value);
  const method = options.get("method");
  return path === null ? null : { path, method: method?.k === "member" ? method.name : null };
}

/** Whether a path and method are meant; paths are compared without the prefix, `(.*)` and `*` stand for any rest. */
export function matches(
  entry: { readonly path: string; readonly method: string | null },
  method: HttpMethod,
  path: string,
): boolean {
  if (entry.method !== null && entry.method !== "ALL" && entry.method !== method) return false;
  const pattern = joined(entry.path)
    .replace(/[.+^$|[\]\\]/g, "\\$&")
    .replace(/\{([^{}]*)\}/g, "(?:$1)?")
    .replace(/\(\\\.\*\)|\*\w*/g, ".*")
    .replace(/:\w+/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(path);
}

export function joined(...parts: readonly string[]): string {
  const path = parts
    .flatMap((part) => part.split("/"))
    .filter((part) => part !== "")
    .join("/");
  return `/${path}`;
}

const NOTHING: Expression = { k: "list", items: [], span: [0, 0, 0, 0] };

/** Key of a class among the modules and controllers. */
export function keyOf({ uri, fact }: PlacedClass): string {
  return `${uri}#${fact.name}`;
}

function nearest(applications: readonly Application[], uri: string): Application | null {
  const folder = folderOf(uri);
  return applications.reduce<Application | null>(
    (best, application) =>
      best && sharedDepth(folderOf(best.uri), folder) >= sharedDepth(folderOf(application.uri), folder)
        ? best
        : application,
    null,
  );
}

/** `app.prefix` of `config.get("app.prefix")`. */
function unknownName(value: Expression | undefined): string | null {
  if (!value) return null;
  const [first] = value.k === "call" ? value.args : [];
  return first?.value.k === "string"
    ? first.value.value
    : dottedName(value.k === "call" ? value.callee : value);
}
