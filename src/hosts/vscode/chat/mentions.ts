import { contextOf, type FlowTarget } from "../../../flows/context-of.ts";
import type { FlowKind } from "../../../protocol/action.ts";
import type { Catalog } from "../../../workspace/catalog.ts";
import { routeSelector } from "../../../workspace/find-route.ts";

/** What a message can name, in the order in which it is offered. */
export const MENTION_KINDS = ["model", "route", "query", "migration", "issue", "file"] as const;
export type MentionKind = (typeof MENTION_KINDS)[number];

/** Something that a message names: `@model:orders.Order`, `@file:"read me.md"`. */
export interface Mention {
  readonly kind: MentionKind;
  readonly name: string;
  /** As it is written. */
  readonly text: string;
}

const MENTION = new RegExp(
  `(?<![\\p{L}\\p{N}_@/])@(${MENTION_KINDS.join("|")}):(?:"([^"\\n]+)"|([^\\s"]+))`,
  "gu",
);

/** What a message names, each once, in the order of the text. */
export function mentionsIn(text: string): readonly Mention[] {
  const found = new Map<string, Mention>();
  for (const [whole, kind, quoted, plain] of text.matchAll(MENTION)) {
    const name = quoted ?? plain ?? "";
    const known = MENTION_KINDS.find((each) => each === kind);
    if (known && name !== "") found.set(whole, { kind: known, name, text: whole });
  }
  return [...found.values()];
}

/** The same without the punctuation of the sentence that it stands in; null where it has none. */
export function withoutPunctuation({ kind, name, text }: Mention): Mention | null {
  const end = /[.,;:!?)\]'’]+$/.exec(name)?.[0].length ?? 0;
  if (end === 0 || end === name.length || text.endsWith('"')) return null;
  return { kind, name: name.slice(0, -end), text: text.slice(0, -end) };
}

/** How something is written into a message; null for a name that cannot be. */
export function mentionText(kind: MentionKind, name: string): string | null {
  if (/["\n\r]/.test(name)) return null;
  const plain = /^\S+$/.test(name) && !/[.,;:!?)\]'’]$/.test(name);
  return `@${kind}:${plain ? name : `"${name}"`}`;
}

/** How an object of the catalog, or an issue, is written into a message. */
export function mentionOf(target: FlowTarget, catalog: Catalog): string | null {
  return mentionText(mentionKind(target.kind), nameIn(target, catalog));
}

export function mentionKind(kind: FlowKind): MentionKind {
  return kind === "diagnostic" ? "issue" : kind;
}

function nameIn(target: FlowTarget, catalog: Catalog): string {
  switch (target.kind) {
    case "model":
      return contextOf(target, catalog).model_name ?? target.id;
    case "route": {
      const { method = target.method, path = target.path } = contextOf(target, catalog);
      return routeSelector({ method: method as typeof target.method, path });
    }
    case "query":
      return target.id.replace(/^query:/, "");
    case "migration":
      return target.id.replace(/^migration:/, "");
    case "diagnostic":
      return target.finding.id;
  }
}
