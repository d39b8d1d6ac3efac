import type { TypeScriptModule } from "./module.ts";
import { ModuleLocator, type ProjectConfig } from "./module-location.ts";

/** The part of a module that matters for names; compact, to be kept in a stack's facts. */
export interface ModuleNames {
  readonly imports: readonly (readonly [alias: string, module: string, name: string])[];
  readonly exports: readonly (readonly [name: string, local: string, module: string | null])[];
}

/**
 * Where a name comes from: a file of the workspace and its name there ("*" for the module itself, `a.b` for a
 * member), or a package that is not in the workspace.
 */
export type Origin =
  | { readonly kind: "workspace"; readonly uri: string; readonly name: string }
  | { readonly kind: "package"; readonly module: string; readonly name: string };

export function moduleNames(module: TypeScriptModule): ModuleNames {
  return {
    imports: module.imports.map((entry) => [entry.alias, entry.module, entry.name] as const),
    exports: module.exports.map((entry) => [entry.name, entry.local, entry.module] as const),
  };
}

/** Follows names over imports, re-exports and path mappings. Cycles end in null. */
export class NameResolver {
  readonly #files: ReadonlyMap<string, ModuleNames>;
  readonly #locator: ModuleLocator;
  readonly #resolved = new Map<string, Origin | null>();
  readonly #imports = new Map<string, ReadonlyMap<string, readonly [module: string, name: string]>>();
  /** What names that files export lead to. */
  readonly #known = new Map<string, Origin | null>();
  #cuts = 0;

  constructor(files: ReadonlyMap<string, ModuleNames>, configs: ReadonlyMap<string, ProjectConfig>) {
    this.#files = files;
    this.#locator = new ModuleLocator(files, configs);
  }

  /** The file that a specifier means; null when it is not in the workspace. */
  locate(from: string, specifier: string): string | null {
    return this.#locator.locate(from, specifier);
  }

  /** What a name of a file is imported as; null for a name that is not imported. */
  imported(uri: string, name: string): { readonly module: string; readonly name: string } | null {
    const found = this.#importsOf(uri).get(name);
    return found ? { module: found[0], name: found[1] } : null;
  }

  /** Where a name used in a file comes from: a name that is not imported is the file's own. Null: a cycle or a dead end. */
  resolve(uri: string, name: string): Origin | null {
    const key = `${uri}\n${name}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const origin = this.#resolve(uri, name, new Set());
    this.#resolved.set(key, origin);
    return origin;
  }

  /** Where an exported name of a file comes from. Null when the file does not export it. */
  resolveExport(uri: string, name: string): Origin | null {
    return this.#exported(uri, name, new Set());
  }

  /** What `require("m")` or `import * as x from "m"` gives. */
  resolveModule(from: string, specifier: string): Origin | null {
    return this.#from(from, specifier, "*", new Set());
  }

  /** The member of something resolved: an export of a module, a property of an object or class. */
  member(origin: Origin, name: string): Origin | null {
    if (origin.kind === "package") {
      return {
        kind: "package",
        module: origin.module,
        name: origin.name === "*" ? name : `${origin.name}.${name}`,
      };
    }
    if (origin.name === "*") return this.resolveExport(origin.uri, name);
    return { kind: "workspace", uri: origin.uri, name: `${origin.name}.${name}` };
  }

  #resolve(uri: string, name: string, seen: Set<string>): Origin | null {
    const imported = this.#importsOf(uri).get(name);
    if (!imported) return { kind: "workspace", uri, name };
    return this.#from(uri, imported[0], imported[1], seen);
  }

  #from(uri: string, specifier: string, name: string, seen: Set<string>): Origin | null {
    const target = this.#locator.locate(uri, specifier);
    if (target !== null) return this.#exported(target, name, seen);
    return specifier.startsWith(".") ? null : { kind: "package", module: specifier, name };
  }

  #exported(uri: string, name: string, seen: Set<string>): Origin | null {
    const key = `${uri}\n${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (seen.has(key)) {
      this.#cuts++;
      return null;
    }
    seen.add(key);
    const cuts = this.#cuts;
    const found = this.#lookedUp(uri, name, seen);
    // What a cycle cut short depends on where the search began.
    if (this.#cuts === cuts) this.#known.set(key, found);
    return found;
  }

  #lookedUp(uri: string, name: string, seen: Set<string>): Origin | null {
    const exports = this.#files.get(uri)?.exports ?? [];
    const own = exports.find((entry) => entry[0] === name && name !== "*");
    if (own) return this.#entry(uri, own, seen);
    const whole = exports.find((entry) => entry[0] === "=");
    if (name === "*") return whole ? this.#entry(uri, whole, seen) : { kind: "workspace", uri, name: "*" };
    if (whole) {
      const value = this.#entry(uri, whole, seen);
      // `import x from` a CommonJS module gives the whole of it.
      if (!value || name === "default" || name === "=") return value;
      return this.member(value, name);
    }
    return this.#starExport(uri, name, exports, seen);
  }

  #entry(uri: string, entry: ModuleNames["exports"][number], seen: Set<string>): Origin | null {
    const [, local, module] = entry;
    return module === null ? this.#resolve(uri, local, seen) : this.#from(uri, module, local, seen);
  }

  #starExport(uri: string, name: string, exports: ModuleNames["exports"], seen: Set<string>): Origin | null {
    let outside: Origin | null = null;
    for (const [exported, , module] of exports) {
      if (exported !== "*" || module === null || name === "default") continue;
      const found = this.#from(uri, module, name, seen);
      if (found?.kind === "workspace") return found;
      outside ??= found;
    }
    return outside;
  }

  #importsOf(uri: string): ReadonlyMap<string, readonly [string, string]> {
    const known = this.#imports.get(uri);
    if (known) return known;
    const imports = new Map(
      (this.#files.get(uri)?.imports ?? []).map(([alias, module, name]) => [alias, [module, name] as const]),
    );
    this.#imports.set(uri, imports);
    return imports;
  }
}
