import * as vscode from "vscode";
import type { EditorChatTool } from "./tool-names.ts";

/** What a person reads about a call. */
export interface ToolWords {
  /** While it goes on. */
  readonly doing: string;
  readonly question: string;
  /** What the chat's model gets to know by it. */
  readonly sends: string;
}

const LONGEST_ARGUMENT = 200;

/** The words for a call with these arguments, which came from a model and may be anything. */
export function toolWords(tool: EditorChatTool, input: unknown): ToolWords {
  const of = (name: string): string => argument(input, name);
  switch (tool) {
    case "list_models":
      return {
        doing: vscode.l10n.t("Reading the models"),
        question: vscode.l10n.t("List the models of this workspace?"),
        sends: vscode.l10n.t("The language model that asks gets their names, tables and files."),
      };
    case "describe_model":
      return {
        doing: vscode.l10n.t("Reading the model {0}", of("model")),
        question: vscode.l10n.t("Describe a model of this workspace?"),
        sends: vscode.l10n.t(
          "The language model that asks gets fields, relations, indexes and findings of {0}.",
          of("model"),
        ),
      };
    case "list_routes":
      return {
        doing: vscode.l10n.t("Reading the routes"),
        question: vscode.l10n.t("List the routes of this workspace?"),
        sends: vscode.l10n.t("The language model that asks gets methods, paths, handlers and guards."),
      };
    case "describe_route":
      return {
        doing: vscode.l10n.t("Reading the route {0} {1}", of("method"), of("path")),
        question: vscode.l10n.t("Describe a route of this workspace?"),
        sends: vscode.l10n.t(
          "The language model that asks gets handler, guards, parameters and shapes of {0} {1}.",
          of("method"),
          of("path"),
        ),
      };
    case "list_migrations":
      return {
        doing: vscode.l10n.t("Reading the migrations"),
        question: vscode.l10n.t("List the migrations of this workspace?"),
        sends: vscode.l10n.t("The language model that asks gets their names, operations and files."),
      };
    case "get_diagnostics":
      return {
        doing: vscode.l10n.t("Reading the issues"),
        question: vscode.l10n.t("List the issues of this workspace?"),
        sends: vscode.l10n.t("The language model that asks gets what Aksara's rules found, and where."),
      };
    case "explain_query":
      return {
        doing: vscode.l10n.t("Explaining a query"),
        question: vscode.l10n.t("Explain a query on the schema of this workspace?"),
        sends: vscode.l10n.t(
          "The query is planned on a copy of the schema without rows; none of your databases is asked. The language model that asks gets tables, indexes and the plan of: {0}",
          of("sql") || of("query_id"),
        ),
      };
  }
}

/** An argument on one line, cut where it is long; empty when it is not there. */
function argument(input: unknown, name: string): string {
  const value = (input as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  const text = typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "";
  return text.length <= LONGEST_ARGUMENT ? text : `${text.slice(0, LONGEST_ARGUMENT)}…`;
}
