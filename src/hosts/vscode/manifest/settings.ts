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
];
