import type { ChatItemOf } from "../../src/protocol/chat.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { stepWords, typeWords } from "./plan-words.ts";

/** A call of a tool in words: what it does, and to what. */
export interface ToolWords {
  readonly icon: IconName;
  /** "Read", "Searched for": what, in the past where it is done. */
  readonly verb: string;
  /** Name of a file, a model, a text; "" where there is none. */
  readonly object: string;
  /** A file of the workspace that the object names; null when it is none. */
  readonly file: string | null;
}

type Call = Pick<ChatItemOf<"call">, "tool" | "input" | "state">;

/** Known tools in words of their own; others by their name, with the first text of their arguments. */
export function toolWords(call: Call): ToolWords {
  const about = (icon: IconName, verb: string, object = "", file = ""): ToolWords => ({
    icon,
    verb,
    object,
    file: file === "" ? null : file,
  });
  /** While it goes on, once it was done, and where it was not. */
  const verb = (doing: string, done: string, plain: string) =>
    call.state === "running" ? doing : call.state === "done" ? done : plain;
  const text = (name: string) => textOf(call.input, name);
  const path = text("path");
  switch (call.tool) {
    case "read_file":
      return about("eye", verb(t("Reading"), t("Read"), t("Read file")), path, path);
    case "list_files":
      return about("folder", verb(t("Listing files"), t("Listed files"), t("List files")), path);
    case "search_files":
      return about("search", verb(t("Searching for"), t("Searched for"), t("Search for")), text("text"));
    case "list_models":
      return about("database", verb(t("Listing models"), t("Listed models"), t("List models")));
    case "describe_model":
      return about(
        "database",
        verb(t("Looking at model"), t("Looked at model"), t("Look at model")),
        text("model"),
      );
    case "list_routes":
      return about("globe", verb(t("Listing routes"), t("Listed routes"), t("List routes")), path);
    case "describe_route":
      return about(
        "globe",
        verb(t("Looking at route"), t("Looked at route"), t("Look at route")),
        `${text("method")} ${path}`,
      );
    case "list_migrations":
      return about(
        "git-commit",
        verb(t("Listing migrations"), t("Listed migrations"), t("List migrations")),
        text("app"),
      );
    case "get_diagnostics":
      return about("issues", verb(t("Looking at issues"), t("Looked at issues"), t("Look at issues")), path);
    case "explain_query":
      return about(
        "list-tree",
        verb(t("Planning query"), t("Planned query"), t("Plan query")),
        text("sql") || text("query_id"),
      );
    case "run_flow":
      return about("sparkle", verb(t("Running flow"), t("Ran flow"), t("Run flow")), text("action_key"));
    case "run_command":
      return about("terminal", verb(t("Running"), t("Ran"), t("Run")), commandOf(call.input));
    case "write_file":
      return about("new-file", verb(t("Writing"), t("Wrote"), t("Write")), path, path);
    case "patch_file": {
      const files = listOf(call.input, "files").map((file) => textOf(file, "path"));
      const [only = ""] = files;
      const one = files.length === 1;
      const object = one ? only : t("{0} files", files.length);
      return about("edit", verb(t("Editing"), t("Edited"), t("Edit")), object, one ? only : "");
    }
    case "hand_off":
      return about("comment-discussion", typeWords(text("agent")), firstLine(text("task")));
    case "carry_out_step":
    case "dispatch_action": {
      const step = recordOf(recordOf(call.input).action ?? call.input);
      return about("arrow-right", stepWords(step).title);
    }
    case "catalog_search":
      return about("search", verb(t("Searching for"), t("Searched for"), t("Search for")), text("query"));
    case "propose_plan":
      return about("checklist", t("Plan"), text("goal"));
    case "apply_changes":
      return about("edit", t("Changes that were held back"));
    case "read_reference":
      return about("eye", verb(t("Reading on"), t("Read on"), t("Read on")));
    default:
      return about("tools", call.tool, firstText(call.input));
  }
}

/** `coordinator/executor/step-1` as people read it. */
export function agentWords(path: string): string {
  return path
    .split("/")
    .map((name) => {
      const step = /^step-(\d+)$/.exec(name)?.[1];
      return step === undefined ? name : t("Step {0}", step);
    })
    .join(" › ");
}

function commandOf(input: unknown): string {
  const argv = listOf(input, "argv").filter((word) => typeof word === "string");
  return argv.length > 0 ? argv.join(" ") : textOf(input, "shell");
}

function textOf(input: unknown, name: string): string {
  const value = recordOf(input)[name];
  return typeof value === "string" ? value : "";
}

function listOf(input: unknown, name: string): readonly unknown[] {
  const value = recordOf(input)[name];
  return Array.isArray(value) ? value : [];
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

function firstText(input: unknown): string {
  const found = Object.values(recordOf(input)).find((value) => typeof value === "string");
  return typeof found === "string" ? found : "";
}

function recordOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
}
