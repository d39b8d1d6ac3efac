/** A setting as the Settings UI shows it. Descriptions are English; translated through package.nls.json. */
export interface SettingSpec {
  readonly key: string;
  readonly type: "boolean" | "number" | "string" | "array";
  readonly default: boolean | number | string | readonly string[];
  readonly description: string;
  /** `machine`: a workspace's own settings cannot change it. Anything that sends data, runs code or grants approval. */
  readonly scope: "machine" | "window" | "resource";
  readonly minimum?: number;
  readonly maximum?: number;
  /** The values a string may have, each with what it means in English. */
  readonly values?: Readonly<Record<string, string>>;
  readonly order: number;
}

export const SETTINGS: readonly SettingSpec[] = [
  {
    key: "aksara.codeLens.enabled",
    type: "boolean",
    default: true,
    description: "Show actions above models, routes, queries and migrations in the editor.",
    scope: "window",
    order: 10,
  },
  {
    key: "aksara.issues.showInProblems",
    type: "boolean",
    default: true,
    description: "Show issues found by the rules in the Problems view and as squiggles in the editor.",
    scope: "window",
    order: 20,
  },
  {
    key: "aksara.flows.tokenBudget",
    type: "number",
    default: 16000,
    minimum: 1000,
    maximum: 1000000,
    description:
      "Largest prompt, in estimated tokens. Over it, context is left out in a fixed order and listed in the pack.",
    scope: "window",
    order: 30,
  },
  {
    key: "aksara.flows.includeEditorDiagnostics",
    type: "boolean",
    default: false,
    description:
      "Add the diagnostics of other extensions to the issues when prioritising. The command line does not see them, so the documents differ then.",
    scope: "window",
    order: 40,
  },
  {
    key: "aksara.run.confirm",
    type: "string",
    default: "first",
    values: {
      first: "Once for each provider in each workspace.",
      always: "Before each run.",
    },
    description:
      "When to ask before a prompt pack is sent to a provider that does not run on this machine. Such a question says what is sent, and where to.",
    scope: "machine",
    order: 50,
  },
  {
    key: "aksara.agent.maxIterations",
    type: "number",
    default: 20,
    minimum: 1,
    maximum: 1000,
    description: "How often the agent may think and act in one turn of the chat.",
    scope: "machine",
    order: 100,
  },
  {
    key: "aksara.agent.maxToolCalls",
    type: "number",
    default: 50,
    minimum: 1,
    maximum: 10000,
    description: "How many tools the agent may call in one turn of the chat.",
    scope: "machine",
    order: 110,
  },
  {
    key: "aksara.agent.maxTotalTokens",
    type: "number",
    default: 100000,
    minimum: 1000,
    maximum: 100000000,
    description: "How many tokens one turn of the chat may use, those that are read included.",
    scope: "machine",
    order: 120,
  },
  {
    key: "aksara.agent.timeoutSeconds",
    type: "number",
    default: 300,
    minimum: 1,
    maximum: 86400,
    description: "How long one turn of the chat may take, in seconds. Waiting for you does not count.",
    scope: "machine",
    order: 130,
  },
  {
    key: "aksara.agent.allowSystemTools",
    type: "boolean",
    default: false,
    description: "Offer commands to the agent. Each is asked for before it is run.",
    scope: "machine",
    order: 140,
  },
  {
    key: "aksara.agent.requireApprovalFor",
    type: "array",
    default: [],
    description:
      "Tools that ask each time, besides `delete_record` and `run_command`, which always do: `write_file`, `patch_file`, …",
    scope: "machine",
    order: 150,
  },
  {
    key: "aksara.traces.content",
    type: "boolean",
    default: false,
    description:
      "Show in a trace what was said in it: what models answered, what tools were given and what came of it. It then stands in exported traces as well, without secrets.",
    scope: "machine",
    order: 200,
  },
  {
    key: "aksara.traces.keepDays",
    type: "number",
    default: 0,
    minimum: 0,
    maximum: 36500,
    description:
      "Delete conversations with agents, and their traces, in which nothing was done for as many days; 0 keeps them for ever.",
    scope: "machine",
    order: 210,
  },
];
