import type { FlowRequest } from "../protocol/action.ts";

/** The command line that prints the same document, quoted for a POSIX shell. */
export function cliCommand(request: FlowRequest): string {
  return ["aksara", "ai", "flows", request.flow_type, ...argumentsOf(request), "--action", request.action_key]
    .map(shellQuote)
    .join(" ");
}

function argumentsOf({ flow_type, context }: FlowRequest): readonly string[] {
  const option = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  switch (flow_type) {
    case "model":
      return [context.model_name ?? ""];
    case "route":
      return [`${context.method ?? "ANY"}:${context.path ?? ""}`];
    case "query":
      return [
        ...option("--id", context.query_id),
        ...option("--sql", context.query_id === undefined ? context.sql : undefined),
        ...(context.include_explain === false ? ["--no-explain"] : []),
        ...option("--dialect", context.dialect),
      ];
    case "migration":
      return [
        ...option("--id", context.migration_id),
        ...option("--app", context.app),
        ...option("--name", context.name),
      ];
    default:
      return option("--issue-id", context.issue_id);
  }
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
