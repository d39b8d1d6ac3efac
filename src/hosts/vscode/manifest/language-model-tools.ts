import { modelTools } from "../../../agent/tools/model-tools.ts";
import { shippedTools } from "../../../agent/tools/shipped.ts";
import { type EditorChatTool, editorToolName } from "../editor-chat/tool-names.ts";

/** A tool of Aksara's agent that the editor's own chat, and other extensions, may call. */
export interface LanguageModelToolSpec {
  readonly title: string;
  /** For people: what it gives. */
  readonly description: string;
  readonly icon: string;
  /** What a person writes after `#`. */
  readonly reference: string;
}

/** Reading files is the editor's own; what only the catalog and the database lab know is ours. */
export const LANGUAGE_MODEL_TOOLS: Readonly<Record<EditorChatTool, LanguageModelToolSpec>> = {
  list_models: {
    title: "List Models",
    description: "The models of the backend, with tables and files",
    icon: "database",
    reference: "aksaraModels",
  },
  describe_model: {
    title: "Describe a Model",
    description: "Fields, relations, indexes, constraints and findings of a model",
    icon: "database",
    reference: "aksaraModel",
  },
  list_routes: {
    title: "List Routes",
    description: "The routes of the backend, and what guards them",
    icon: "link",
    reference: "aksaraRoutes",
  },
  describe_route: {
    title: "Describe a Route",
    description: "Handler, guards, parameters and shapes of a route",
    icon: "link",
    reference: "aksaraRoute",
  },
  list_migrations: {
    title: "List Migrations",
    description: "The migrations of the backend, and what they do",
    icon: "versions",
    reference: "aksaraMigrations",
  },
  get_diagnostics: {
    title: "List Issues",
    description: "What Aksara's rules found in models, routes, queries and migrations",
    icon: "warning",
    reference: "aksaraIssues",
  },
  explain_query: {
    title: "Explain a Query",
    description: "Tables, indexes and a real planner's plan of a query, on the workspace's schema",
    icon: "search",
    reference: "aksaraQuery",
  },
};

/** `contributes.languageModelTools`; the schemas are those of the agent's tools. */
export function languageModelTools(text: (key: string, english: string) => string): readonly object[] {
  const shipped = shippedTools();
  return Object.entries(LANGUAGE_MODEL_TOOLS).map(([name, spec]) => {
    const [tool] = modelTools(shipped.pick([name]));
    return {
      name: editorToolName(name),
      tags: ["aksara", "backend"],
      toolReferenceName: spec.reference,
      displayName: text(`tool.${name}.title`, `Aksara: ${spec.title}`),
      userDescription: text(`tool.${name}.description`, spec.description),
      modelDescription: tool?.description,
      icon: `$(${spec.icon})`,
      canBeReferencedInPrompt: true,
      inputSchema: tool?.inputSchema,
      when: "workspaceFolderCount > 0 && isWorkspaceTrusted",
    };
  });
}
