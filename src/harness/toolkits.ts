import { AksaraError } from "../errors.ts";
import { nearestNames } from "../workspace/nearest-names.ts";

/** A named set of tools. */
export interface Toolkit {
  /** Tools of the registry; those that a host has not are left out. */
  readonly tools: readonly string[];
  /** Tools that the harness makes for each run, with what they are for. */
  readonly own: Readonly<Record<string, string>>;
}

function toolkit(tools: readonly string[], own: Toolkit["own"] = {}): Toolkit {
  return { tools: [...tools, ...Object.keys(own)], own };
}

/** The toolkits there are. */
export const TOOLKITS: Readonly<Record<string, Toolkit>> = {
  workspace: toolkit(["list_files", "read_file", "search_files"]),
  catalog: toolkit(
    ["list_models", "describe_model", "list_routes", "describe_route", "list_migrations", "get_diagnostics"],
    {
      catalog_search:
        "Finds models, fields, routes, queries and migrations by words, also mistyped ones, and tables and metrics by what people say about them.",
    },
  ),
  database: toolkit(["explain_query", "query_records", "create_record", "update_record", "delete_record"]),
  flows: toolkit(["run_flow"]),
  edits: toolkit([
    "patch_file",
    "write_file",
    "suggest_migration",
    "generate_model",
    "generate_viewset",
    "generate_test",
    "create_model",
    "create_migration",
  ]),
  shell: toolkit(["run_command"]),
  references: toolkit([], {
    list_references: "Lists values that are kept in this conversation, each with a short view of it.",
    resolve_reference: "Gives the whole of a value that is kept, by the id of its reference.",
  }),
  memory: toolkit([], {
    list_notes: "Lists what was noted before, for this conversation and for the workspace.",
    write_note:
      "Notes something for later, for this conversation or for the workspace; empty text removes it.",
  }),
  plans: toolkit([], {
    list_plans: "Lists the plans of this conversation with their state.",
    show_plan: "Shows a plan with its steps and what came of each.",
  }),
};

/** @throws SPEC_INVALID for one that there is not */
export function toolkitOf(id: string, path: string): Toolkit {
  const found = Object.hasOwn(TOOLKITS, id) ? TOOLKITS[id] : undefined;
  if (found) return found;
  const names = Object.keys(TOOLKITS);
  const near = nearestNames(id, names);
  throw new AksaraError("SPEC_INVALID", `${path}: there is no toolkit "${id}".`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Toolkits are ${names.join(", ")}.`,
    candidates: near.length > 0 ? near : names,
  });
}
