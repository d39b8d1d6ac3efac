import type { FlowRequest } from "../../../protocol/action.ts";

/** The same request for one of the candidates that an ambiguity or a near miss named. */
export function withCandidate(request: FlowRequest, name: string): FlowRequest {
  switch (request.flow_type) {
    case "model":
      return { ...request, context: { ...request.context, model_name: name } };
    case "route": {
      const separator = name.indexOf(":/");
      const parts =
        separator > 0
          ? { method: name.slice(0, separator), path: name.slice(separator + 1) }
          : { path: name };
      return { ...request, context: { ...request.context, ...parts } };
    }
    case "query":
      return { ...request, context: { ...request.context, query_id: name } };
    case "migration":
      return { ...request, context: { migration_id: name } };
    default:
      return { ...request, context: { ...request.context, issue_id: name } };
  }
}
