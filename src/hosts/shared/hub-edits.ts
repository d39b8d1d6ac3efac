import { AksaraError } from "../../errors.ts";

/** The text of a hub file nobody has written yet. */
export const NEW_HUB = `${JSON.stringify({ version: 1, active_provider: null, providers: [] }, null, 2)}\n`;

interface Entry {
  kind?: unknown;
  name?: unknown;
  model?: unknown;
}

interface Hub {
  active_provider?: unknown;
  defaults?: { chat_provider?: unknown; chat_model?: unknown };
  providers?: Entry[];
}

/** The file's text with a provider as the one that is taken. A model named for the one before is left out. */
export function withActiveProvider(text: string, name: string): string {
  return edited(text, (hub) => {
    const before = hub.defaults?.chat_provider ?? hub.active_provider ?? null;
    hub.active_provider = name;
    if (hub.defaults) {
      if (hub.defaults.chat_provider) hub.defaults.chat_provider = name;
      if (before !== name) delete hub.defaults.chat_model;
    }
  });
}

/** The file's text with a provider's default model. */
export function withModel(text: string, provider: { name: string; kind: string }, model: string): string {
  return edited(text, (hub) => {
    hub.providers ??= [];
    const { name, kind } = provider;
    const entry = hub.providers.find((each) => (each.name ?? each.kind) === name);
    if (entry) entry.model = model;
    else hub.providers.push({ kind, model });
    const taken = hub.defaults?.chat_provider ?? hub.active_provider;
    if (hub.defaults?.chat_model && taken === name) hub.defaults.chat_model = model;
  });
}

/** @throws SPEC_INVALID, when the text is no JSON object: nothing of somebody's file is guessed. */
function edited(text: string, change: (hub: Hub) => void): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAnObject(cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(undefined);
  change(value);
  return `${JSON.stringify(value, null, 2)}\n`;
}

function notAnObject(cause: unknown): AksaraError {
  return new AksaraError("SPEC_INVALID", ".aksara/aihub.json is not a JSON object.", {
    hint: "Correct the file first.",
    cause,
  });
}
