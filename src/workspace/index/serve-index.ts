import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { AksaraError, isAksaraError } from "../../errors.ts";
import { hashText } from "../hash.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { Stack } from "../stacks/stack.ts";
import type { CatalogState, ReadingProgress } from "./catalog-engine.ts";
import { LocalEngine } from "./local-engine.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { type CatalogPatch, diffCatalogs, type PackedCatalog } from "./packed-catalog.ts";
import type { WorkspaceRoot } from "./source-walk.ts";

export interface IndexThreadData {
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
  readonly workerUrl: string | null;
  readonly stateFolder: string | null;
}

export type IndexRequest =
  | {
      readonly kind: "update";
      readonly id: number;
      readonly uris: readonly string[] | "all";
      /** What the asker has is the catalog that was sent last; else it needs all of it. */
      readonly hasLast: boolean;
    }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "close" };

export type IndexMessage =
  | ({ readonly kind: "progress"; readonly id: number } & ReadingProgress)
  /** What the catalog was at the last start, to be unpacked while it is found out whether it still holds. */
  | { readonly kind: "kept"; readonly catalog: PackedCatalog }
  /** Null: nothing changed since the last one; "kept": it is the one of the last start. */
  | { readonly kind: "catalog"; readonly id: number; readonly patch: CatalogPatch | "kept" | null }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly code: AksaraError["code"];
      readonly message: string;
    }
  | { readonly kind: "not-kept"; readonly message: string }
  | { readonly kind: "closed" };

/** The life of an index thread: keeps the catalog of one workspace and tells what changes in it. */
export function serveIndex(stacks: readonly Stack[], codeUrl: string): void {
  const port = parentPort;
  if (!port) throw new AksaraError("RUNTIME_ERROR", "The index thread was not started as a thread.");
  const say = (message: IndexMessage): void => port.postMessage(message);
  const running = new Map<number, AbortController>();
  const thread = openThread(stacks, codeUrl, say);

  const answer = async (id: number, uris: readonly string[] | "all", hasLast: boolean): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const report = (progress: ReadingProgress): void => say({ kind: "progress", id, ...progress });
      const { update } = await thread;
      const patch = await update(uris, hasLast, controller.signal, report);
      say({ kind: "catalog", id, patch });
    } catch (error) {
      const code = isAksaraError(error) ? error.code : "RUNTIME_ERROR";
      say({ kind: "failed", id, code, message: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(id);
    }
  };

  port.on("message", (request: IndexRequest) => {
    switch (request.kind) {
      case "update":
        void answer(request.id, request.uris, request.hasLast);
        break;
      case "cancel":
        running.get(request.id)?.abort();
        break;
      case "close":
        void thread
          .then(({ engine }) => engine.dispose())
          .catch(() => {})
          .then(() => say({ kind: "closed" }));
    }
  });
}

async function openThread(stacks: readonly Stack[], codeUrl: string, say: (message: IndexMessage) => void) {
  const { roots, assets, workerUrl, stateFolder } = workerData as IndexThreadData;
  let kept: PackedCatalog | null = null;
  const engine = new LocalEngine({
    roots,
    assets,
    fileSystem: nodeFileSystem,
    stacks,
    workerUrl: workerUrl === null ? null : new URL(workerUrl),
    stateFolder,
    // The bundled script names its chunks by what is in them, so that it differs whenever any of them does.
    codeVersion: hashText(await readFile(fileURLToPath(codeUrl))),
    onCacheFailure: (error) =>
      say({ kind: "not-kept", message: error instanceof Error ? error.message : String(error) }),
    onKept: (catalog) => {
      kept = catalog;
      say({ kind: "kept", catalog });
    },
  });
  let last: CatalogState | null = null;

  const update = async (
    uris: readonly string[] | "all",
    hasLast: boolean,
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<CatalogPatch | "kept" | null> => {
    const state = await engine.bringUpToDate(uris === "all" ? "all" : new Set(uris), signal, report);
    const known = hasLast ? last : null;
    if (known === state) return null;
    const patch = await patchTo(state, known, signal);
    last = state;
    return patch;
  };
  return { engine, update };

  async function patchTo(
    state: CatalogState,
    known: CatalogState | null,
    signal: AbortSignal,
  ): Promise<CatalogPatch | "kept"> {
    if (known) {
      const before = await known.catalog();
      return await diffCatalogs(before, await state.catalog(), state.replacedSince(before), signal);
    }
    const added = await state.packed();
    if (added !== kept) return { replaced: null, added };
    // Once it has been taken, it is not held twice over there.
    kept = null;
    return "kept";
  }
}
