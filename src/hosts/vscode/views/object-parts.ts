import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import type { Guard } from "../../../workspace/ir/route.ts";
import { guardWords, relationWords } from "../words.ts";
import type { SectionNode } from "./section-node.ts";

type Part = Extract<SectionNode, { type: "part" }>;

const GUARD_ICONS: Readonly<Record<Guard["effect"], string>> = {
  require: "lock",
  identify: "account",
  "allow-any": "unlock",
  unknown: "question",
};

/** What an object consists of, as rows below it. */
export function partsOf(target: FlowTarget): readonly Part[] {
  switch (target.kind) {
    case "model":
      return [
        ...target.fields.map(
          (field): Part => ({
            type: "part",
            id: `${target.id}/field/${field.name}`,
            label: field.name,
            description: `${field.type.native ?? field.type.declared}${field.nullable ? "?" : ""}`,
            icon: field.primaryKey ? "key" : "symbol-field",
            source: field.source,
          }),
        ),
        ...target.relations
          .filter((relation) => relation.direction === "reverse")
          .map(
            (relation): Part => ({
              type: "part",
              id: `${target.id}/relation/${relation.name}/${relation.target}`,
              label: relation.name,
              description: `${relationWords(relation.kind)} ← ${relation.target}`,
              icon: "references",
              source: relation.source,
            }),
          ),
      ];
    case "route":
      return target.guards.map(
        (guard, index): Part => ({
          type: "part",
          id: `${target.id}/guard/${index}`,
          label: guard.name,
          description: guardWords(guard),
          icon: GUARD_ICONS[guard.effect],
          source: guard.source,
        }),
      );
    case "migration":
      return target.operations.map(
        (operation, index): Part => ({
          type: "part",
          id: `${target.id}/operation/${index}`,
          label: operation.summary,
          description: operation.reversible === false ? vscode.l10n.t("cannot be undone") : "",
          icon: operationIcon(operation.name),
          source: operation.source,
        }),
      );
    case "query":
    case "diagnostic":
      return [];
  }
}

/** The framework's word or the SQL verb says whether something comes, goes or changes. */
function operationIcon(name: string): string {
  const verb = name.replace(/^op\./, "");
  if (/^(?:add|create)/i.test(verb)) return "diff-added";
  if (/^(?:remove|delete|drop|truncate)/i.test(verb)) return "diff-removed";
  return /^rename/i.test(verb) ? "diff-renamed" : "diff-modified";
}
