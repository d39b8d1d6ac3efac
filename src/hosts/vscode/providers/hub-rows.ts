import type { HubResolution, ProviderStatus } from "../../../execution/hub/hub-status.ts";

/** A row of the AI Hub. */
export interface HubRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Words that menus look for: `provider`, `ready`, `usable`, `takesKey`, `storedKey`. */
  readonly contextValue: string;
  /** Name of the provider, for the commands; null for other rows. */
  readonly provider: string | null;
  readonly children: readonly HubRow[];
}

/** What asking a provider that nobody configured found. */
export interface FoundModels {
  readonly provider: string;
  readonly models: number;
}

export interface HubFacts {
  readonly providers: readonly ProviderStatus[];
  readonly resolution: HubResolution;
  /** Local servers and the editor's models that answered. */
  readonly found: readonly FoundModels[];
  /** Names of the providers whose key was entered here. */
  readonly stored: ReadonlySet<string>;
  readonly trusted: boolean;
}

/** The rows: what a run takes, the providers somebody configured or that were found, then all others. */
export function hubRows(facts: HubFacts, words: HubWords): readonly HubRow[] {
  const rows = facts.providers.map((provider) => ({ provider, row: providerRow(provider, facts, words) }));
  const near = rows.filter(({ provider }) => isNear(provider, facts));
  const far = rows.filter(({ provider }) => !isNear(provider, facts));
  return [
    answerRow(facts, words),
    ...near.map(({ row }) => row),
    {
      ...PLAIN,
      id: "others",
      label: words.others,
      description: String(far.length),
      tooltip: "",
      icon: "ellipsis",
      children: far.map(({ row }) => row),
    },
  ];
}

/** Texts in the person's language: this file knows no editor. */
export interface HubWords {
  readonly runAi: string;
  readonly others: string;
  readonly restricted: string;
  readonly inUse: string;
  readonly ready: string;
  readonly notSetUp: string;
  readonly models: (count: number) => string;
  readonly keyFrom: (source: string) => string;
  /** By kind: what a provider is called that has no name of its own. */
  readonly titles: Readonly<Record<string, string>>;
  /** By code: why nothing can be run, in place of the document's words. */
  readonly failures: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<"override" | "pack" | "hub" | "default", string>>;
}

const PLAIN = { contextValue: "aksara.hub.row", provider: null, children: [] } as const;

function answerRow({ resolution, trusted }: HubFacts, words: HubWords): HubRow {
  const row = { ...PLAIN, id: "run", label: words.runAi };
  if (!trusted) return { ...row, description: words.restricted, tooltip: words.restricted, icon: "shield" };
  if (!resolution.ok) {
    const tooltip = [resolution.error, resolution.hint ?? ""].filter(Boolean).join("\n");
    return {
      ...row,
      description: words.failures[resolution.error_code] ?? resolution.error,
      tooltip,
      icon: "circle-slash",
    };
  }
  const { provider, model } = resolution;
  const why = words.sources[resolution.resolution.provider];
  return {
    ...row,
    description: `${model} · ${provider}`,
    tooltip: `${model} · ${provider}\n${why}`,
    icon: "sparkle",
  };
}

function providerRow(status: ProviderStatus, facts: HubFacts, words: HubWords): HubRow {
  const active = facts.resolution.ok && facts.resolution.provider === status.name;
  const found = facts.found.find(({ provider }) => provider === status.name);
  const asked = isAsked(status);
  const ready = status.ready && (!asked || found !== undefined);
  const description = [
    active ? words.inUse : ready && !isUnseen(status) ? words.ready : words.notSetUp,
    ready && status.model ? status.model : "",
    found ? words.models(found.models) : "",
    ready && status.key_source ? words.keyFrom(status.key_source) : "",
  ].filter(Boolean);
  const tooltip = [status.base_url ?? "", status.reason ?? "", status.hint ?? ""].filter(Boolean).join("\n");
  const context = [
    "provider",
    ...(ready ? ["ready"] : []),
    ...(ready && !active ? ["usable"] : []),
    ...(status.base_url === null ? [] : ["takesKey"]),
    ...(facts.stored.has(status.name) ? ["storedKey"] : []),
  ];
  return {
    id: `provider ${status.name}`,
    label: status.name === status.kind ? (words.titles[status.kind] ?? status.title) : status.name,
    description: description.join(" · "),
    tooltip,
    icon: active ? "pass-filled" : ready && !isUnseen(status) ? "pass" : "circle-outline",
    contextValue: context.join(" "),
    provider: status.name,
    children: [],
  };
}

const ASKED: readonly string[] = ["ollama", "lmstudio", "vscode-lm"];

/** Providers that are ready by themselves only if they are there. */
function isAsked({ in_hub, key_source, kind }: ProviderStatus): boolean {
  return !in_hub && key_source === null && ASKED.includes(kind);
}

/** A server on this machine that needs no key, that nobody named and that nobody asks: its port may be another's. */
function isUnseen({ in_hub, key_source, kind }: ProviderStatus): boolean {
  return !in_hub && key_source === null && !ASKED.includes(kind);
}

function isNear(status: ProviderStatus, { found, stored, resolution }: HubFacts): boolean {
  return (
    status.in_hub ||
    status.key_source !== null ||
    stored.has(status.name) ||
    found.some(({ provider }) => provider === status.name) ||
    (resolution.ok && resolution.provider === status.name)
  );
}
