import { folderOf, joinPath } from "../../languages/typescript/module-location.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import { delegateName, modelId, type SchemaProject, tableOf } from "./schema-project.ts";

export interface FoundModel {
  readonly project: SchemaProject;
  readonly name: string;
  readonly id: string;
}

const GENERATED = /^[A-Z]\w*$/;

/** Finds the models of all schemas by the names that code has for them. */
export class ModelLookup {
  readonly #projects: readonly SchemaProject[];
  readonly #byDelegate = new Map<string, FoundModel[]>();
  readonly #byName = new Map<string, FoundModel[]>();
  readonly #byTable = new Map<string, FoundModel[]>();

  constructor(projects: readonly SchemaProject[]) {
    this.#projects = projects;
    for (const project of projects) {
      for (const [name, { declaration }] of project.models) {
        const found = { project, name, id: modelId(project, name) };
        add(this.#byDelegate, delegateName(name), found);
        add(this.#byName, name, found);
        add(this.#byTable, tableOf(declaration).toLowerCase(), found);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  /** The schema that code in a file most likely uses: the one with the longest folder in common. */
  projectFor(uri: string): SchemaProject | undefined {
    return nearest(uri, this.#projects, (project) => project.root);
  }

  byDelegate(uri: string, delegate: string): FoundModel | null {
    return this.#nearest(uri, this.#byDelegate.get(delegate));
  }

  byName(uri: string, name: string): FoundModel | null {
    return this.#nearest(uri, this.#byName.get(name));
  }

  byTable(uri: string, table: string): FoundModel | null {
    const plain = table.slice(table.lastIndexOf(".") + 1).toLowerCase();
    return this.#nearest(uri, this.#byTable.get(plain));
  }

  /** The model behind a type of the generated client: `User`, `Prisma.UserWhereInput`, `UserCreateArgs`. */
  byGeneratedName(uri: string, name: string): FoundModel | null {
    const last = name.slice(name.lastIndexOf(".") + 1);
    const whole = this.byName(uri, last);
    if (whole || !name.includes(".")) return whole;
    for (let length = last.length - 1; length > 0; length--) {
      const rest = last.slice(length);
      if (GENERATED.test(rest)) {
        const model = this.byName(uri, last.slice(0, length));
        if (model) return model;
      }
    }
    return null;
  }

  /** The name comes from a generated client: the package, or a folder that a generator of a schema writes to. */
  isGenerated(origin: Origin): boolean {
    if (origin.kind === "workspace") return false;
    if (/^(?:@prisma\/client|\.prisma\/client)(?:\/|$)/.test(origin.module)) return true;
    return this.#projects.some((project) =>
      project.clientFolders.some((folder) => samePackage(folder, origin.module)),
    );
  }

  /** A relative import leads into a folder that a generator writes to. */
  isGeneratedPath(from: string, specifier: string): boolean {
    if (!specifier.startsWith(".")) return false;
    const path = joinPath(folderOf(from), specifier);
    return this.#projects.some((project) =>
      project.clientFolders.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    );
  }

  #nearest(uri: string, found: readonly FoundModel[] | undefined): FoundModel | null {
    if (!found) return null;
    return (found.length === 1 ? found[0] : nearest(uri, found, (model) => model.project.root)) ?? null;
  }
}

/** `generated/prisma` stands at the end of `@/generated/prisma/client`, seen through a path mapping. */
function samePackage(folder: string, specifier: string): boolean {
  const tail = folder.split("/").slice(-2).join("/");
  return specifier.endsWith(`/${tail}`) || specifier.includes(`/${tail}/`);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function nearest<T>(uri: string, items: readonly T[], rootOf: (item: T) => string): T | undefined {
  let best: T | undefined;
  let bestLength = -1;
  for (const item of items) {
    const length = commonLength(uri, rootOf(item));
    if (length > bestLength) {
      best = item;
      bestLength = length;
    }
  }
  return best;
}

function commonLength(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}
