/** What the row of a provider must offer for each command of the AI Hub: a word in its context value. */
export const HUB_NEEDS = {
  "aksara.hub.setKey": "takesKey",
  "aksara.hub.removeKey": "storedKey",
  "aksara.hub.testConnection": "provider",
  "aksara.hub.chooseModel": "ready",
  "aksara.hub.useProvider": "usable",
} as const;

export type HubCommand = keyof typeof HUB_NEEDS;
