import { throwIfCancelled } from "../../errors.ts";
import { Catalog } from "../catalog.ts";
import type { Gap } from "../ir/entry.ts";
import { mergeContributions } from "../merge.ts";
import { type Contribution, NOTHING, type Stack } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";
import { unpack } from "./packed.ts";
import type { SourceFiles } from "./source-files.ts";

/** Puts catalogs together from the facts of files. A stack whose facts did not change is not asked again. */
export class CatalogBuilder {
  readonly #stacks: readonly Stack[];
  readonly #contributions = new Map<string, Contribution>();
  #catalog: Catalog | null = null;
  #version = -1;

  constructor(stacks: readonly Stack[]) {
    this.#stacks = stacks;
  }

  /** The same object when nothing changed since the last call. @throws CANCELLED */
  async build(files: SourceFiles, signal: AbortSignal): Promise<Catalog> {
    const { version } = files;
    if (this.#catalog && version === this.#version) return this.#catalog;
    for (const id of files.takeChangedStacks()) this.#contributions.delete(id);
    const breather = new Breather(signal);
    for (const stack of this.#stacks) {
      if (this.#contributions.has(stack.id)) continue;
      if (breather.isDue()) await breather.pause();
      throwIfCancelled(signal);
      this.#contributions.set(stack.id, resolve(stack, files));
    }
    const catalog = this.#assemble(files);
    this.#catalog = catalog;
    this.#version = version;
    return catalog;
  }

  #assemble(files: SourceFiles): Catalog {
    const merged = mergeContributions(this.#stacks.map(({ id }) => this.#contributions.get(id) ?? NOTHING));
    const gaps: Gap[] = [...merged.gaps];
    let filesParsed = 0;
    for (const record of files.records()) {
      gaps.push(...record.gaps);
      if (record.parsed) filesParsed++;
    }
    const skipped = files.skipped();
    for (const { uri, reason } of skipped) {
      if (reason !== "missing") continue;
      gaps.push({ what: `the folder ${uri}`, why: "It does not exist.", source: null });
    }
    return new Catalog(
      { ...merged, gaps },
      {
        filesSeen: files.uris.length,
        filesParsed,
        skipped,
        stacks: this.#stacks
          .flatMap(({ id, title, tells = [{ id, title }] }) => tells)
          .map(({ id, title }) => ({ id, title, objects: objectsOf(merged, id) }))
          .filter(({ objects }) => objects > 0),
      },
    );
  }
}

function objectsOf({ models, routes, queries, migrations }: Contribution, id: string): number {
  return [models, routes, queries, migrations].flat().filter(({ stack }) => stack === id).length;
}

/** What a stack makes of its facts. A failure of one stack is said and leaves the others whole. */
function resolve(stack: Stack, files: SourceFiles): Contribution {
  const facts = new Map<string, unknown>();
  for (const record of files.records()) {
    const own = record.facts[stack.id];
    if (own instanceof Uint8Array) facts.set(record.uri, unpack(own));
  }
  if (facts.size === 0) return NOTHING;
  try {
    return stack.resolve(facts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const gap: Gap = {
      what: `everything of ${stack.title}`,
      why: `Reading it failed: ${reason}`,
      source: null,
    };
    return { ...NOTHING, gaps: [gap] };
  }
}
