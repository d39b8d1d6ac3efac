import type { SqlDialect } from "../../ir/query.ts";
import { dialectNamed } from "../../languages/sql/dialect.ts";
import { folderOf } from "../../languages/typescript/module-location.ts";
import { sharedDepth } from "../../project-root.ts";
import type { FactsByUri } from "../stack.ts";
import type { TypeormFacts } from "./facts.ts";

interface DataSource {
  readonly folder: string;
  readonly driver: string | null;
  readonly naming: string | null;
  readonly entityPrefix: string | null;
}

/** What data sources and dependencies say of the database that the entities of a folder are kept in. */
export class Projects {
  readonly #sources: DataSource[] = [];
  readonly #dependencies: { readonly folder: string; readonly driver: string }[] = [];

  constructor(facts: FactsByUri<TypeormFacts>) {
    for (const [uri, fact] of facts) {
      const folder = folderOf(uri);
      if (fact.kind === "config") {
        if (fact.driver !== null) this.#dependencies.push({ folder, driver: fact.driver });
        continue;
      }
      const { driver, naming, entityPrefix } = fact;
      if (driver ?? naming ?? entityPrefix) this.#sources.push({ folder, driver, naming, entityPrefix });
    }
  }

  dialect(uri: string): SqlDialect {
    const written = this.#source(uri, ({ driver }) => driver !== null)?.driver;
    const driver = written ?? nearest(this.#dependencies, uri)?.driver ?? null;
    if (driver === null) return "unknown";
    const known = dialectNamed(driver.replace(/^aurora-/, ""));
    return known ?? (/^(?:sqljs|expo|capacitor)$/.test(driver) ? "sqlite" : "unknown");
  }

  /** Class of the naming strategy; null where none is set. */
  naming(uri: string): string | null {
    return this.#source(uri, ({ naming }) => naming !== null)?.naming ?? null;
  }

  entityPrefix(uri: string): string {
    return this.#source(uri, ({ entityPrefix }) => entityPrefix !== null)?.entityPrefix ?? "";
  }

  #source(uri: string, says: (source: DataSource) => boolean): DataSource | null {
    return nearest(this.#sources.filter(says), uri);
  }
}

function nearest<T extends { readonly folder: string }>(candidates: readonly T[], uri: string): T | null {
  const folder = folderOf(uri);
  return candidates.reduce<T | null>(
    (best, candidate) =>
      best && sharedDepth(best.folder, folder) >= sharedDepth(candidate.folder, folder) ? best : candidate,
    null,
  );
}
