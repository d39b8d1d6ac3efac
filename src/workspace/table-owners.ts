import type { Model } from "./ir/model.ts";
import { areRelated, folderOf, projectRoot, sharedDepth } from "./project-root.ts";
import { databaseOfModelId } from "./stacks/sql/model-id.ts";

/**
 * Which model of a framework owns which table. A table that SQL defines belongs to a model of the same table name when
 * both are of one project, or when the model's framework owns most tables of that database: two services may each have
 * a table `users` without being the same.
 */
export class TableOwners {
  readonly #byTable = new Map<string, Model[]>();
  readonly #owners = new Map<string, Model>();

  constructor(models: readonly Model[], tables: readonly Model[]) {
    for (const model of models) {
      if (model.table === null || model.proxyOf !== null || model.documents) continue;
      this.#add(model.table, model);
    }
    // A join table without a model of its own belongs to the model that declares the relation.
    for (const model of models) {
      for (const { through, kind, direction } of model.relations) {
        if (through === null || kind !== "many-to-many" || direction === "reverse") continue;
        if (!this.#byTable.has(keyOf(through))) this.#add(through, model);
      }
    }
    this.#assign(tables);
  }

  /** The model that owns a table, by the id of the SQL model; null when the table stands for itself. */
  ownerOf(sqlModelId: string): Model | null {
    return this.#owners.get(sqlModelId) ?? null;
  }

  /** The owner of a table by name, as seen from a file: the nearest, when several projects have one. */
  nearest(table: string, uri: string): Model | null {
    const found = this.#byTable.get(keyOf(table)) ?? [];
    return found.reduce<Model | null>(
      (best, model) => (best && sharedDepth(best.uri, uri) >= sharedDepth(model.uri, uri) ? best : model),
      null,
    );
  }

  #add(table: string, model: Model): void {
    const key = keyOf(table);
    const list = this.#byTable.get(key);
    if (list) list.push(model);
    else this.#byTable.set(key, [model]);
  }

  #assign(tables: readonly Model[]): void {
    const databases = new Map<string, Model[]>();
    for (const table of tables) {
      const database = databaseOfModelId(table.id);
      const list = databases.get(database);
      if (list) list.push(table);
      else databases.set(database, [table]);
    }
    for (const members of databases.values()) {
      const claimed = members.filter(({ table }) => table !== null && this.#byTable.has(keyOf(table)));
      const mostly = claimed.length * 2 >= members.length;
      for (const table of claimed) {
        const owner = this.nearest(table.table ?? "", table.uri);
        if (owner && (mostly || inOneProject(owner, table))) this.#owners.set(table.id, owner);
      }
    }
  }
}

function inOneProject(a: Model, b: Model): boolean {
  return areRelated(projectRoot(folderOf(a.uri)), projectRoot(folderOf(b.uri)));
}

/** Tables are compared without the default schema and without quotes. */
function keyOf(table: string): string {
  return table.replace(/["`[\]]/g, "").replace(/^(?:public|main)\./i, "");
}
