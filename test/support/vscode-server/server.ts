import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endGroup, spawnGroup } from "../processes.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../temporary-folder.ts";
import type { InstalledServer } from "./install.ts";

/** How a server is started. */
export interface ServerOptions {
  /**
   * true: Workspace Trust works as for a person, so a folder opens in Restricted Mode until trust is given.
   * false: the feature is off and every folder counts as trusted.
   */
  readonly workspaceTrust: boolean;
  /** User settings, merged over {@link quietSettings}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packaged extensions to install before the server starts. */
  readonly vsix?: readonly string[];
  /**
   * Display language of the windows, such as `de`. VS Code's own texts stay English: what it gets is a language pack
   * without a translation, and that suffices for extensions to be shown in the language.
   */
  readonly locale?: string;
  /** Variables added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a page of the server shows. All paths are absolute paths of this machine. */
export interface PageOptions {
  /** A folder, or a `.code-workspace` file that names several. */
  readonly folder?: string;
  /** Folders of extensions run from source; none where the extension is installed as .vsix. */
  readonly extensionDevelopmentPaths?: readonly string[];
  /** Module exporting `run()`, called in the extension host; must lie in one of the folders above. */
  readonly extensionTestsPath?: string;
}

/** User settings that keep VS Code still: no downloads, no welcome pages, nothing that covers the screen. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "chat.commandCenter.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.showReleaseNotes": false,
  "window.commandCenter": false,
  "window.autoDetectColorScheme": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** A running VS Code server with data folders of its own, all of them temporary. */
export class VSCodeServer {
  readonly port: number;
  /** What the server and its extensions keep on the disk: settings, logs, the state shared with other hosts. */
  readonly dataFolder: string;
  readonly #settingsFile: string;
  readonly #stop: () => Promise<void>;
  readonly #output: () => string;

  constructor(parts: {
    readonly port: number;
    readonly folder: string;
    readonly stop: () => Promise<void>;
    readonly output: () => string;
  }) {
    this.port = parts.port;
    this.dataFolder = parts.folder;
    this.#settingsFile = settingsFile(parts.folder);
    this.#stop = parts.stop;
    this.#output = parts.output;
  }

  /** Address of a page; its payload is honoured only with `--enable-smoke-test-driver`, which is always on. */
  url(options: PageOptions): string {
    const remote = (file: string): string => `vscode-remote://127.0.0.1:${this.port}${urlPath(file)}`;
    const payload: [string, string][] = [
      ["skipWelcome", "true"],
      ["skipReleaseNotes", "true"],
    ];
    for (const folder of options.extensionDevelopmentPaths ?? []) {
      payload.push(["extensionDevelopmentPath", remote(folder)]);
    }
    if (options.extensionTestsPath !== undefined) {
      payload.push(["extensionTestsPath", remote(options.extensionTestsPath)]);
    }
    const query = new URLSearchParams();
    if (options.folder === undefined) query.set("ew", "true");
    else
      query.set(options.folder.endsWith(".code-workspace") ? "workspace" : "folder", urlPath(options.folder));
    query.set("payload", JSON.stringify(payload));
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** Changes user settings; a window takes them over when it is next loaded. undefined removes a key. */
  async changeSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const settings = JSON.parse(await readFile(this.#settingsFile, "utf8")) as Record<string, unknown>;
    await writeFile(this.#settingsFile, JSON.stringify({ ...settings, ...changes }, null, 2));
  }

  /** The end of what the server printed, for the message of a failure. */
  get output(): string {
    return this.#output();
  }

  /** Kills the server with all its children and removes its data. */
  stop(): Promise<void> {
    return this.#stop();
  }
}

/**
 * Starts a server and waits until it answers.
 * @throws Error with the server's output when it does not come up within 60 s.
 */
export async function startServer(installed: InstalledServer, options: ServerOptions): Promise<VSCodeServer> {
  const { folder, remove } = await makeTemporaryFolder("vscode-server");
  try {
    await mkdir(path.dirname(settingsFile(folder)), { recursive: true });
    await writeFile(
      settingsFile(folder),
      JSON.stringify({
        ...quietSettings,
        "workbench.colorTheme": installed.themes.dark,
        ...options.settings,
      }),
    );
    if (options.locale !== undefined) await writeLanguagePack(folder, options.locale);
    for (const file of options.vsix ?? []) await installExtension(installed, folder, file);
    return await launch(installed, { folder, remove }, options);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function launch(
  installed: InstalledServer,
  data: TemporaryFolder,
  options: ServerOptions,
): Promise<VSCodeServer> {
  const { folder } = data;
  const trust = options.workspaceTrust ? [] : ["--disable-workspace-trust"];
  const locale = options.locale === undefined ? [] : ["--locale", options.locale];
  const child = spawnGroup(
    installed.node,
    [
      installed.serverMain,
      ...[
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--without-connection-token",
        "--accept-server-license-terms",
      ],
      ...["--enable-smoke-test-driver", "--disable-telemetry", ...dataFolders(folder), ...trust, ...locale],
    ],
    { env: environment(folder, options.env), stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    });
  }
  const stop = async (): Promise<void> => {
    await endGroup(child);
    await data.remove();
  };
  const server = { folder, stop, output: () => output };
  const end = Date.now() + 60_000;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    const port = /Web UI available at http:\/\/[^:]+:(\d+)/.exec(output)?.[1];
    if (port !== undefined && (await answers(Number(port))))
      return new VSCodeServer({ port: Number(port), ...server });
    await delay(50);
  }
  await server.stop();
  throw new Error(`VS Code's server did not start:\n${output}`);
}

/** What VS Code itself writes where a language pack is installed: it takes up no language that has none. */
async function writeLanguagePack(folder: string, locale: string): Promise<void> {
  const translation = path.join(folder, `${locale}.i18n.json`);
  await writeFile(translation, JSON.stringify({ version: "1.0.0", contents: {} }));
  const id = `tests.language-pack-${locale}`;
  const pack = {
    hash: createHash("sha256").update(locale).digest("hex"),
    label: locale,
    extensions: [{ extensionIdentifier: { id }, version: "1.0.0" }],
    translations: { vscode: translation },
  };
  await writeFile(path.join(folder, "user", "languagepacks.json"), JSON.stringify({ [locale]: pack }));
}

async function installExtension(installed: InstalledServer, folder: string, file: string): Promise<void> {
  const child = spawnGroup(
    installed.node,
    [
      installed.serverMain,
      ...dataFolders(folder),
      "--accept-server-license-terms",
      "--install-extension",
      file,
    ],
    { env: environment(folder), stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, "close");
  await endGroup(child);
  // The exit code is 0 also where the file was refused.
  if (code !== 0 || !output.includes("successfully installed"))
    throw new Error(`${file} was not installed:\n${output}`);
}

function dataFolders(folder: string): string[] {
  return [
    ...["--server-data-dir", path.join(folder, "server")],
    ...["--user-data-dir", path.join(folder, "user")],
    ...["--extensions-dir", path.join(folder, "extensions")],
  ];
}

/** Where every host that is given this as `XDG_STATE_HOME` finds the same state. */
export function stateHome(dataFolder: string): string {
  return path.join(dataFolder, "state");
}

/** This server keeps user settings on its own disk, not in the browser. */
function settingsFile(folder: string): string {
  return path.join(folder, "user", "User", "settings.json");
}

/**
 * The environment without what a surrounding VS Code or npm would push into the one under test, and with folders of
 * its own for what programs keep outside of VS Code: sockets, and the state that the extension shares with other hosts.
 */
function environment(folder: string, added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/.test(name),
  );
  const kept = { XDG_STATE_HOME: stateHome(folder), XDG_RUNTIME_DIR: folder };
  return { ...Object.fromEntries(own), ...kept, ...added };
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/version`, { signal: AbortSignal.timeout(2000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** C:\a\b → /C:/a/b, as URLs of VS Code want it. */
function urlPath(file: string): string {
  const posix = file.replaceAll("\\", "/");
  return posix.startsWith("/") ? posix : `/${posix}`;
}
