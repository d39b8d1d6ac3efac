import type { FlowContext, FlowKind } from "../protocol/action.ts";

/**
 * The arguments of an action from what a person wrote after its name: a model's name, `GET /path` or `GET:/path`, a query or its id,
 * a migration, an issue's id. Null when nothing was written. Whether there is such an object, the flow says.
 */
export function contextFromWords(kind: FlowKind, words: string): FlowContext | null {
  const text = words.trim();
  if (text === "") return null;
  switch (kind) {
    case "model":
      return { model_name: text };
    case "route": {
      const [, method, path] = /^(?!route:)([A-Za-z]+)(?:\s+|:)(\S+)$/.exec(text) ?? [];
      return method === undefined || path === undefined ? { path: text } : { method, path };
    }
    case "query":
      return text.startsWith("query:") ? { query_id: text } : { sql: text };
    case "migration":
      return { migration_id: text };
    case "diagnostic":
      return { issue_id: text };
  }
}
