import { existsSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { listViews } from "./build.ts";

/** One state of a view, as its host would bring it about. */
export interface ViewState {
  readonly name: string;
  /** Boot data but for the translations, which the server adds. */
  readonly boot: Readonly<Record<string, unknown>>;
  /** Events that the host has numbered so far. */
  readonly events: readonly { readonly seq: number }[];
  /** Further steps of a person before the page is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Looked at in all themes and, when set, in these widths besides the usual one. */
  readonly widths?: readonly number[];
}

/**
 * States of a view, from `views/<view>.ts`.
 * @throws Error when a view has no such file: a view that nobody can look at does not ship.
 */
export async function loadStates(view: string): Promise<readonly ViewState[]> {
  const file = path.join(import.meta.dirname, "views", `${view}.ts`);
  if (!existsSync(file)) throw new Error(`The view "${view}" has no states: write ${file}`);
  const module = (await import(file)) as { states: readonly ViewState[] };
  return module.states;
}

/** All views with all their states. */
export async function loadViews(): Promise<ReadonlyMap<string, readonly ViewState[]>> {
  const views = new Map<string, readonly ViewState[]>();
  for (const view of await listViews()) views.set(view, await loadStates(view));
  return views;
}
