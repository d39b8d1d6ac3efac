import * as vscode from "vscode";
import { WorkspaceFiles } from "../../../agent/files/workspace-files.ts";
import { AksaraError, isAksaraError } from "../../../errors.ts";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { findIssue } from "../../../flows/facts/diagnostic-facts.ts";
import { findQuery } from "../../../flows/facts/query-target.ts";
import type { ChatAttachment } from "../../../protocol/chat.ts";
import { findMigration } from "../../../workspace/find-migration.ts";
import { findRoute } from "../../../workspace/find-route.ts";
import type { WorkspaceRoot } from "../../../workspace/index/workspace-index.ts";
import type { CatalogView } from "../studio.ts";
import { attachFile, attachTarget } from "./attach.ts";
import { type Mention, withoutPunctuation } from "./mentions.ts";

/** What a message names, found. */
export interface Resolved {
  readonly attachment: ChatAttachment;
  /** Null for a file. */
  readonly target: FlowTarget | null;
}

/**
 * Finds what a message names.
 * @throws CONTEXT_NOT_FOUND with the nearest names, AMBIGUOUS_TARGET with the candidates, PATH_REFUSED, SECRET_REFUSED
 */
export async function resolveMention(
  mention: Mention,
  view: CatalogView,
  roots: readonly WorkspaceRoot[],
): Promise<Resolved> {
  try {
    return await find(mention, view, roots);
  } catch (error) {
    const shorter = withoutPunctuation(mention);
    if (!shorter || !isAksaraError(error)) throw error;
    return await find(shorter, view, roots);
  }
}

async function find(mention: Mention, view: CatalogView, roots: readonly WorkspaceRoot[]): Promise<Resolved> {
  if (mention.kind === "file") return { attachment: await fileOf(mention, roots), target: null };
  const target = targetOf(mention, view);
  return { attachment: { ...attachTarget(target, view.catalog), mention: mention.text }, target };
}

function targetOf({ kind, name }: Mention, { catalog, findings }: CatalogView): FlowTarget {
  switch (kind) {
    case "model":
      return catalog.findModel(name);
    case "route": {
      const [, method = "", path = name] = /^([A-Za-z]+):([\s\S]*)$/.exec(name) ?? [];
      return findRoute(catalog, method, path);
    }
    case "query":
      return findQuery(catalog, name);
    case "migration":
      return findMigration(catalog, { id: name });
    case "issue":
      return { kind: "diagnostic", finding: findIssue(findings, name)[0] };
    case "file":
      throw new RangeError("a file is no object of the catalog");
  }
}

async function fileOf({ name, text }: Mention, roots: readonly WorkspaceRoot[]): Promise<ChatAttachment> {
  const place = await new WorkspaceFiles(roots, false).place(name);
  if (place.exists) return { ...attachFile(place.uri), mention: text };
  throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("There is no file {0}.", name), {
    hint: vscode.l10n.t("Type @file: and a part of its name to choose one."),
  });
}
