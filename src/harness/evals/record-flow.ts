import { AksaraError } from "../../errors.ts";
import type { FlowContext } from "../../protocol/action.ts";
import type { ScriptInput } from "../../providers/connectors/script.ts";
import type { RunTrace } from "../../records/run-trace.ts";
import { type EvalRequest, type EvalRequestInput, readEvalRequest } from "./eval-request.ts";

const LONGEST_TITLE = 80;

/** A run of a flow as an eval that repeats it offline. @throws INVALID_REQUEST for one whose action is not known */
export function recordedFlow({ prompt_pack: pack, flow_type: type, script, result }: RunTrace): EvalRequest {
  const kind = type ?? pack.kind;
  if (kind === null || pack.action_key === "")
    throw new AksaraError(
      "INVALID_REQUEST",
      "This run is of a pack from elsewhere: it cannot be built again.",
    );
  const id = titled(`${pack.action_key} ${pack.target?.name ?? ""}`);
  const statements = result.suggestions.filter(({ language }) => language === "sql");
  const expect: EvalRequestInput["cases"][number]["expect"] = result.ok
    ? [
        { type: "grounded" },
        { type: "answer-schema" },
        { type: "cites-evidence" },
        ...(statements.length > 0 ? [{ type: "sql-valid" as const }] : []),
        ...(result.suggestions.some(({ verdict }) => verdict === "verified")
          ? [{ type: "plan-improves" as const }]
          : []),
      ]
    : [{ type: "error-code", value: result.error_code ?? "RUNTIME_ERROR" }];
  return readEvalRequest({
    name: id,
    target: { kind: "flow", part: "answer" },
    cases: [
      {
        id,
        input: {
          flow_type: kind as never,
          action_key: pack.action_key,
          context: contextOf(pack) as never,
        },
        expect,
        recording: { scripts: { "": script as ScriptInput } },
      },
    ],
  });
}

const CONTEXT_KEYS: readonly (keyof FlowContext)[] = [
  "model_name",
  "method",
  "path",
  "sql",
  "query_id",
  "include_explain",
  "dialect",
  "migration_id",
  "app",
  "name",
  "issue_id",
  "issue_payload",
];

/** What a pack says it was asked about. */
function contextOf({ kind, target, result_json: echo }: RunTrace["prompt_pack"]): FlowContext {
  if (kind === "query" && target?.uri) return { query_id: target.id };
  if (kind === "migration" && target) return { migration_id: target.id };
  return Object.fromEntries(
    CONTEXT_KEYS.flatMap((key) => (echo[key] === undefined || echo[key] === null ? [] : [[key, echo[key]]])),
  );
}

/** The first line of a text, cut to what a list shows. */
export function titled(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length <= LONGEST_TITLE ? line || "run" : `${line.slice(0, LONGEST_TITLE).trimEnd()}…`;
}

/** A name for the file of a request. */
export function fileNameOf({ name }: Pick<EvalRequest, "name">): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${slug || "run"}.json`;
}
