import type { Expression } from "../../languages/expression.ts";
import { ClassGraph } from "../../languages/python/class-graph.ts";
import type { PythonAssignment } from "../../languages/python/module.ts";
import { PythonNameResolver, type PythonNames } from "../../languages/python/name-resolution.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import { type App, findApps } from "./apps.ts";
import { type ClassFacts, type DjangoFacts, type FunctionFacts, spanKey } from "./facts.ts";
import { findSettings, type Settings } from "./settings.ts";

/** The facts of all files with what is needed to ask across them: names, classes, settings, apps. */
export class DjangoProject {
  readonly facts: FactsByUri<DjangoFacts>;
  readonly names: PythonNameResolver;
  readonly classes: ClassGraph<ClassFacts>;
  readonly settings: readonly Settings[];
  readonly #apps: ReadonlyMap<string, App>;
  readonly #appOfFile = new Map<string, App>();
  readonly #assignments = new Map<string, ReadonlyMap<string, PythonAssignment>>();

  constructor(facts: FactsByUri<DjangoFacts>) {
    this.facts = facts;
    this.names = new PythonNameResolver(namesOf(facts));
    const classes = [...facts].map(([uri, file]) => [uri, file.classes] as const);
    this.classes = new ClassGraph(
      classes,
      this.names,
      (uri, name) => this.assignment(uri, name)?.value ?? null,
    );
    this.settings = findSettings(this);
    this.#apps = findApps(this);
  }

  /** The last plain assignment of a name at the top level of a file. */
  assignment(uri: string, name: string): PythonAssignment | null {
    let table = this.#assignments.get(uri);
    if (!table) {
      const plain = (this.facts.get(uri)?.assignments ?? []).filter((item) => item.operator === "=");
      table = new Map(plain.map((item) => [item.target, item]));
      this.#assignments.set(uri, table);
    }
    return table.get(name) ?? null;
  }

  /** The last function of a name at the top level of a file. */
  functionAt(uri: string, name: string): FunctionFacts | null {
    return this.facts.get(uri)?.functions.findLast((item) => item.name === name) ?? null;
  }

  /** The settings that hold for a file: those of the project whose folder is nearest above it. */
  settingsFor(uri: string): Settings | null {
    const around = this.settings.filter((item) => item.folder === "" || uri.startsWith(`${item.folder}/`));
    return around[0] ?? this.settings[0] ?? null;
  }

  /** The app that a file belongs to. */
  appOf(uri: string): App {
    const known = this.#appOfFile.get(uri);
    if (known) return known;
    const app = this.#findApp(uri);
    this.#appOfFile.set(uri, app);
    return app;
  }

  appByLabel(label: string): App | null {
    for (const app of this.#apps.values()) if (app.label === label) return app;
    return null;
  }

  /** A place of a file; its hash was taken when the file was read. */
  sourceOf(uri: string, span: Span, hash?: string): SourceRef {
    return { uri, range: rangeOf(span), hash: hash ?? this.facts.get(uri)?.hashes[spanKey(span)] ?? "" };
  }

  /** The text of an expression as written, where it was kept. */
  textOf(uri: string, expression: Expression): string | null {
    return this.facts.get(uri)?.texts[spanKey(expression.span)] ?? null;
  }

  #findApp(uri: string): App {
    const parts = uri.split("/").slice(0, -1);
    for (let length = parts.length; length > 0; length--) {
      const app = this.#apps.get(parts.slice(0, length).join("/"));
      if (app) return app;
    }
    // By convention models stand in `<app>/models.py` or in a package `<app>/models/`.
    const models = parts.lastIndexOf("models");
    const folder = models > 0 ? parts.slice(0, models) : parts;
    return { folder: folder.join("/"), label: folder.at(-1) ?? "", autoField: null, installed: false };
  }
}

function namesOf(facts: FactsByUri<DjangoFacts>): ReadonlyMap<string, PythonNames> {
  const names = new Map<string, PythonNames>();
  for (const [uri, file] of facts) {
    const defines = new Set<string>();
    for (const item of file.classes) defines.add(item.name);
    for (const item of file.functions) defines.add(item.name);
    for (const item of file.assignments) if (item.operator === "=") defines.add(item.target);
    names.set(uri, { imports: file.imports, defines });
  }
  return names;
}
