import type { Expression } from "../../languages/expression.ts";
import { ClassGraph } from "../../languages/python/class-graph.ts";
import type { PythonAssignment } from "../../languages/python/module.ts";
import { PythonNameResolver, type PythonNames } from "../../languages/python/name-resolution.ts";
import { Ledger, Memo } from "../../memo.ts";
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
  readonly ledger: Ledger;
  readonly #settings: Memo<readonly Settings[]>;
  readonly #settingsFor: Memo<Settings | null>;
  readonly #apps: Memo<ReadonlyMap<string, App>>;
  readonly #appOfFile: Memo<App>;
  readonly #appByLabel: Memo<App | null>;
  readonly #tables: Memo<ReadonlyMap<string, PythonAssignment>>;
  readonly #assignments: Memo<PythonAssignment | null>;
  readonly #functions: Memo<FunctionFacts | null>;

  constructor(facts: FactsByUri<DjangoFacts>, ledger: Ledger = new Ledger(false)) {
    this.facts = facts;
    this.ledger = ledger;
    const names = new Memo(ledger, (uri) => namesIn(facts.get(uri)));
    this.names = new PythonNameResolver(
      { keys: () => facts.keys(), has: (uri) => facts.has(uri), get: (uri) => names.get(uri) },
      ledger,
    );
    this.classes = new ClassGraph(
      facts.keys(),
      (uri) => facts.get(uri)?.classes ?? [],
      this.names,
      (uri, name) => this.assignment(uri, name)?.value ?? null,
      ledger,
    );
    this.#settings = new Memo(ledger, () => findSettings(this));
    this.#settingsFor = new Memo(ledger, (uri) => {
      const around = this.settings.filter((item) => item.folder === "" || uri.startsWith(`${item.folder}/`));
      return around[0] ?? this.settings[0] ?? null;
    });
    this.#apps = new Memo(ledger, () => findApps(this));
    this.#appOfFile = new Memo(ledger, (uri) => this.#findApp(uri));
    this.#appByLabel = new Memo(
      ledger,
      (label) => [...this.#apps.get().values()].find((app) => app.label === label) ?? null,
    );
    this.#tables = new Memo(ledger, (uri) => {
      const plain = (facts.get(uri)?.assignments ?? []).filter((item) => item.operator === "=");
      return new Map(plain.map((item) => [item.target, item]));
    });
    this.#assignments = new Memo(ledger, (uri, name) => this.#tables.get(uri).get(name) ?? null);
    this.#functions = new Memo(
      ledger,
      (uri, name) => facts.get(uri)?.functions.findLast((item) => item.name === name) ?? null,
    );
  }

  get settings(): readonly Settings[] {
    return this.#settings.get();
  }

  /** The last plain assignment of a name at the top level of a file. */
  assignment(uri: string, name: string): PythonAssignment | null {
    return this.#assignments.get(uri, name);
  }

  /** The last function of a name at the top level of a file. */
  functionAt(uri: string, name: string): FunctionFacts | null {
    return this.#functions.get(uri, name);
  }

  /** The settings that hold for a file: those of the project whose folder is nearest above it. */
  settingsFor(uri: string): Settings | null {
    return this.#settingsFor.get(uri);
  }

  /** The app that a file belongs to. */
  appOf(uri: string): App {
    return this.#appOfFile.get(uri);
  }

  appByLabel(label: string): App | null {
    return this.#appByLabel.get(label);
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
    const apps = this.#apps.get();
    const parts = uri.split("/").slice(0, -1);
    for (let length = parts.length; length > 0; length--) {
      const app = apps.get(parts.slice(0, length).join("/"));
      if (app) return app;
    }
    // By convention models stand in `<app>/models.py` or in a package `<app>/models/`.
    const models = parts.lastIndexOf("models");
    const folder = models > 0 ? parts.slice(0, models) : parts;
    return { folder: folder.join("/"), label: folder.at(-1) ?? "", autoField: null, installed: false };
  }
}

function namesIn(file: DjangoFacts | undefined): PythonNames {
  const defines = new Set<string>();
  for (const item of file?.classes ?? []) defines.add(item.name);
  for (const item of file?.functions ?? []) defines.add(item.name);
  for (const item of file?.assignments ?? []) if (item.operator === "=") defines.add(item.target);
  return { imports: file?.imports ?? [], defines };
}
