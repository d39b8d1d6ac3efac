/** Tools of Aksara's agent that the editor's chat may call, by their names in the agent's registry. */
export const EDITOR_CHAT_TOOLS = [
  "list_models",
  "describe_model",
  "list_routes",
  "describe_route",
  "list_migrations",
  "get_diagnostics",
  "explain_query",
] as const;

export type EditorChatTool = (typeof EDITOR_CHAT_TOOLS)[number];

/** The name that the editor knows a tool by. */
export function editorToolName(tool: string): string {
  return `aksara_${tool}`;
}
