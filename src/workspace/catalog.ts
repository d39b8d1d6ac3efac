import { AksaraError } from "../errors.ts";
import type { CatalogEntry, Gap } from "./ir/entry.ts";
import type { Migration } from "./ir/migration.ts";
import type { Model } from "./ir/model.ts";
import type { Query } from "./ir/query.ts";
import type { ModelUse } from "./ir/reference.ts";
import type { Route } from "./ir/route.ts";
import { nearestNames } from "./nearest-names.ts";
import { compareText, type Position, rangeContains } from "./source.ts";
import type { Contribution } from "./stacks/stack.ts";

export type CatalogObject = Model | Route | Query | Migration;
export type CatalogKind = CatalogObject["kind"];

/** What the walk did and did not read. */
export interface ReadingReport {
  readonly filesSeen: number;
  readonly filesParsed: number;
  /** Files or folders left out, by reason ("too large", "secret", "ignored", "not text"), in bytewise order of uri. */
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
  /** Stacks that found something, with the number of objects. */
  readonly stacks: readonly { readonly id: string; readonly title: string; readonly objects: number }[];
}

/** An immutable picture of the backend objects of a workspace, sorted, with look-ups. */
export class Catalog {
  readonly models: readonly Model[];
  readonly routes: readonly Route[];
  readonly queries: readonly Query[];
  readonly migrations: readonly Migration[];
  readonly gaps: readonly Gap[];
  readonly report: ReadingReport;
  readonly #allUses: readonly ModelUse[];
  #byId: ReadonlyMap<string, CatalogObject> | null = null;
  #usesByModel: ReadonlyMap<string, readonly ModelUse[]> | null = null;

  constructor(contribution: Contribution, report: ReadingReport) {
    this.models = sorted(contribution.models);
    this.routes = sorted(contribution.routes);
    this.queries = sorted(contribution.queries);
    this.migrations = sorted(contribution.migrations);
    this.gaps = [...contribution.gaps].sort(
      (a, b) => compareText(a.source?.uri ?? "", b.source?.uri ?? "") || compareText(a.what, b.what),
    );
    this.report = report;
    this.#allUses = [...contribution.uses].sort(compareUses);
  }

  *objects(): Iterable<CatalogObject> {
    yield* this.models;
    yield* this.routes;
    yield* this.queries;
    yield* this.migrations;
  }

  byId(id: string): CatalogObject | null {
    this.#byId ??= new Map([...this.objects()].map((object) => [object.id, object]));
    return this.#byId.get(id) ?? null;
  }

  model(id: string): Model | null {
    const object = this.byId(id);
    return object?.kind === "model" ? object : null;
  }

  /** Uses of a model in the code, in order of file and position. */
  usesOf(modelId: string): readonly ModelUse[] {
    this.#usesByModel ??= Map.groupBy(this.#allUses, (use) => use.modelId);
    return this.#usesByModel.get(modelId) ?? [];
  }

  /** Uses of all models, in order of file and position. */
  uses(): readonly ModelUse[] {
    return this.#allUses;
  }

  /** The innermost object at a position of a file; null when there is none. */
  at(uri: string, position: Position): CatalogObject | null {
    let best: CatalogObject | null = null;
    for (const object of this.objects()) {
      if (object.uri !== uri || !rangeContains(object.range, position)) continue;
      if (!best || rangeContains(best.range, object.range.start)) best = object;
    }
    return best;
  }

  /** Objects of one file, in order of position. */
  inFile(uri: string): readonly CatalogObject[] {
    return [...this.objects()]
      .filter((object) => object.uri === uri)
      .sort((a, b) => a.range.start.line - b.range.start.line || compareText(a.id, b.id));
  }

  /**
   * A model by id, qualified name, table or plain name; a plain name in another case is accepted when only one fits.
   * @throws CONTEXT_NOT_FOUND with the nearest names, AMBIGUOUS_TARGET with the candidates.
   */
  findModel(name: string): Model {
    const wanted = name.trim();
    const attempts: ((model: Model) => boolean)[] = [
      (model) => model.id === wanted,
      (model) => model.qualifiedName === wanted,
      (model) => model.name === wanted,
      (model) => model.table === wanted,
      (model) => model.qualifiedName.toLowerCase() === wanted.toLowerCase(),
      (model) => model.name.toLowerCase() === wanted.toLowerCase(),
    ];
    for (const attempt of attempts) {
      const found = this.models.filter(attempt);
      if (found[0] && found.length === 1) return found[0];
      if (found.length > 1) {
        throw new AksaraError("AMBIGUOUS_TARGET", `${found.length} models are called "${wanted}".`, {
          hint: `Name one of them: ${list(found.map(selectorOf))}.`,
          candidates: found.map(selectorOf),
        });
      }
    }
    const near = nearestNames(
      wanted,
      this.models.flatMap((model) => [model.name, model.qualifiedName]),
    );
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no model called "${wanted}" in this workspace.`, {
      hint: hintFor(near, this.models.length, "models"),
      candidates: near,
    });
  }
}

/** The shortest text that names this model and no other: qualified names may repeat across stacks, ids do not. */
function selectorOf(model: Model, _index: number, all: readonly Model[]): string {
  const twins = all.filter((other) => other.qualifiedName === model.qualifiedName);
  return twins.length === 1 ? model.qualifiedName : model.id;
}

export function hintFor(near: readonly string[], total: number, plural: string): string {
  if (near.length > 0) return `Did you mean ${list(near)}?`;
  if (total === 0) return `No ${plural} were found in this workspace; "aksara catalog" says what was read.`;
  return `"aksara catalog ${plural}" lists the ${total} that were found.`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function sorted<T extends CatalogEntry>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => compareText(a.id, b.id) || compareText(a.uri, b.uri));
}

function compareUses(a: ModelUse, b: ModelUse): number {
  return (
    compareText(a.uri, b.uri) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compareText(a.modelId, b.modelId)
  );
}
