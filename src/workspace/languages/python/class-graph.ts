import { Ledger, Memo } from "../../memo.ts";
import { dottedName, type Expression } from "../expression.ts";
import type { PythonNameResolver } from "./name-resolution.ts";

/** The part of a class that its place in the graph depends on. */
export interface ClassDeclaration<C> {
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly classes: readonly C[];
}

/** A class of the workspace. */
export interface ClassRef<C> {
  /** `uri#Outer.Inner`: unique in the workspace. */
  readonly key: string;
  readonly uri: string;
  /** Name with the classes it is nested in: `Order.Status`. */
  readonly qualname: string;
  readonly declaration: C;
}

/** One step of a method resolution order: a class of the workspace or the dotted name of one outside. */
export type Ancestor<C> =
  | { readonly kind: "class"; readonly ref: ClassRef<C>; readonly name: string }
  | { readonly kind: "external"; readonly name: string };

/** The classes of a workspace with their bases resolved across files. */
export class ClassGraph<C extends ClassDeclaration<C>> {
  readonly #names: PythonNameResolver;
  /** Names bound by plain assignment at a file's top level: `Alias = Product`. */
  readonly #aliases: (uri: string, name: string) => Expression | null;
  /** Classes of a file by qualified name; of several of one name the last. */
  readonly #tables: Memo<ReadonlyMap<string, ClassRef<C>>>;
  readonly #refs: Memo<ClassRef<C> | null>;
  readonly #all: Memo<readonly ClassRef<C>[]>;
  readonly #followed: Memo<Ancestor<C> | null>;
  readonly #orders: Memo<readonly Ancestor<C>[]>;

  /** @param uris files; which there are must not change */
  constructor(
    uris: Iterable<string>,
    classesOf: (uri: string) => readonly C[],
    names: PythonNameResolver,
    aliases: (uri: string, name: string) => Expression | null,
    ledger: Ledger = new Ledger(false),
  ) {
    this.#names = names;
    this.#aliases = aliases;
    this.#tables = new Memo(ledger, (uri) => {
      const table = new Map<string, ClassRef<C>>();
      addTo(table, uri, "", classesOf(uri));
      return table;
    });
    this.#refs = new Memo(ledger, (uri, qualname) => this.#tables.get(uri).get(qualname) ?? null);
    const list = new Memo(ledger, (uri) =>
      [...this.#tables.get(uri)].map(([qualname, ref]) => this.get(uri, qualname) ?? ref),
    );
    const files = [...uris];
    this.#all = new Memo(ledger, () => files.flatMap((uri) => list.get(uri)));
    this.#followed = new Memo(
      ledger,
      (uri, dotted) => this.#follow(uri, dotted, 0),
      () => null,
    );
    this.#orders = new Memo(
      ledger,
      (uri, qualname) => this.#order(uri, qualname),
      (uri, qualname) => this.#self(uri, qualname),
    );
  }

  all(): readonly ClassRef<C>[] {
    return this.#all.get();
  }

  get(uri: string, qualname: string): ClassRef<C> | null {
    return this.#refs.get(uri, qualname);
  }

  /** The class, or the outside name, that an expression written in a file (inside `scope`, a class) stands for. */
  find(uri: string, expression: Expression, scope = ""): Ancestor<C> | null {
    const dotted = dottedName(expression.k === "subscript" ? expression.of : expression);
    return dotted === null ? null : this.findName(uri, dotted, scope);
  }

  findName(uri: string, dotted: string, scope = ""): Ancestor<C> | null {
    for (let outer = scope; outer !== ""; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
      const nested = this.get(uri, `${outer}.${dotted}`);
      if (nested) return { kind: "class", ref: nested, name: nested.qualname };
    }
    return this.#followed.get(uri, dotted);
  }

  /**
   * The class itself and its ancestors, nearest first (C3, as Python does; depth first where the bases contradict
   * each other). Bases that are no names, such as calls, are left out.
   */
  linearize(ref: ClassRef<C>): readonly Ancestor<C>[] {
    return this.#orders.get(ref.uri, ref.qualname);
  }

  basesOf(ref: ClassRef<C>): readonly Ancestor<C>[] {
    const scope = ref.qualname.slice(0, Math.max(0, ref.qualname.lastIndexOf(".")));
    const bases: Ancestor<C>[] = [];
    for (const expression of ref.declaration.bases) {
      const found = this.find(ref.uri, expression, scope);
      const base = found && identityOf(found) === ref.key ? this.#imported(ref.uri, expression) : found;
      if (base && identityOf(base) !== ref.key) bases.push(base);
    }
    return bases;
  }

  /** The base of `class ListView(ListView)`: what the name stood for before the class took it. */
  #imported(uri: string, expression: Expression): Ancestor<C> | null {
    const dotted = dottedName(expression.k === "subscript" ? expression.of : expression);
    const found = dotted === null ? null : this.#names.resolveImported(uri, dotted);
    if (!found || found.kind === "module") return null;
    if (found.kind === "external") return { kind: "external", name: found.name };
    return this.#follow(found.uri, [found.name, ...found.rest].join("."), 0);
  }

  #self(uri: string, qualname: string): readonly Ancestor<C>[] {
    const ref = this.get(uri, qualname);
    return ref ? [{ kind: "class", ref, name: qualname }] : [];
  }

  #order(uri: string, qualname: string): readonly Ancestor<C>[] {
    const ref = this.get(uri, qualname);
    if (!ref) return [];
    const bases = this.basesOf(ref);
    const orders = bases.map((base) => (base.kind === "class" ? this.linearize(base.ref) : [base]));
    return [...this.#self(uri, qualname), ...(merge([...orders, bases]) ?? unique(orders.flat()))];
  }

  #follow(uri: string, dotted: string, depth: number): Ancestor<C> | null {
    const found = this.#names.resolve(uri, dotted);
    if (!found || found.kind === "module") return null;
    if (found.kind === "external") return { kind: "external", name: found.name };
    const qualname = [found.name, ...found.rest].join(".");
    const ref = this.get(found.uri, qualname);
    if (ref) return { kind: "class", ref, name: qualname };
    const alias = depth < 8 ? this.#aliases(found.uri, found.name) : null;
    const target = alias && dottedName(alias);
    if (target && target !== found.name)
      return this.#follow(found.uri, [target, ...found.rest].join("."), depth + 1);
    const owner = this.get(found.uri, found.name);
    return owner && found.rest.length > 0 ? this.#inheritedClass(owner, found.rest) : null;
  }

  /** `Child.Status` where `Status` is nested in a base of Child. */
  #inheritedClass(owner: ClassRef<C>, rest: readonly string[]): Ancestor<C> | null {
    for (const step of this.linearize(owner)) {
      if (step.kind !== "class") continue;
      const nested = this.get(step.ref.uri, [step.ref.qualname, ...rest].join("."));
      if (nested) return { kind: "class", ref: nested, name: nested.qualname };
    }
    return null;
  }
}

/** A class that is declared again takes the place of the one before. */
function addTo<C extends ClassDeclaration<C>>(
  table: Map<string, ClassRef<C>>,
  uri: string,
  outer: string,
  list: readonly C[],
): void {
  for (const declaration of list) {
    const qualname = outer === "" ? declaration.name : `${outer}.${declaration.name}`;
    table.set(qualname, { key: `${uri}#${qualname}`, uri, qualname, declaration });
    addTo(table, uri, qualname, declaration.classes);
  }
}

function identityOf<C>(step: Ancestor<C>): string {
  return step.kind === "class" ? step.ref.key : step.name;
}

/** The C3 merge; null when the orders contradict each other. */
function merge<C>(orders: readonly (readonly Ancestor<C>[])[]): Ancestor<C>[] | null {
  const rows = orders.filter((row) => row.length > 0).map((row) => [...row]);
  const merged: Ancestor<C>[] = [];
  while (rows.some((row) => row.length > 0)) {
    const next = rows
      .map((row) => row[0])
      .find(
        (head) =>
          head && !rows.some((row) => row.slice(1).some((step) => identityOf(step) === identityOf(head))),
      );
    if (!next) return null;
    merged.push(next);
    for (const row of rows) {
      const head = row[0];
      if (head && identityOf(head) === identityOf(next)) row.shift();
    }
  }
  return merged;
}

function unique<C>(steps: readonly Ancestor<C>[]): Ancestor<C>[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    const identity = identityOf(step);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
