/** What a process of ours may know of its parent's environment: where temporary files go, and what Windows needs to start one. */
const ALLOWED = ["TMPDIR", "TEMP", "TMP", "SystemRoot", "windir", "LD_LIBRARY_PATH"];

/**
 * The environment of a forked child. Tokens and keys that stand in the parent's environment do not reach it.
 * `ELECTRON_RUN_AS_NODE` makes desktop VS Code's own binary behave as Node; plain Node ignores it.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: "1" };
  for (const name of ALLOWED) {
    const value = parent[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
