import type { Browser, BrowserContext } from "playwright-core";
import { closeBrowser, launchBrowser } from "./browser.ts";
import { lockSuite } from "./suite-lock.ts";
import { installServer } from "./vscode-server/install.ts";
import type { ReleaseName } from "./vscode-server/release.ts";
import { type ServerOptions, startServer, type VSCodeServer } from "./vscode-server/server.ts";
import { Workbench } from "./workbench.ts";
import { copyWorkspace, type WorkspaceCopy } from "./workspace-copy.ts";

/** What a UI suite runs against. Paths are absolute. */
export interface SessionOptions extends ServerOptions {
  readonly vscode?: ReleaseName;
  /** The extension from source; leave it out where `vsix` brings it. */
  readonly extensionPath?: string | undefined;
}

/** One server and one browser for a whole suite; a window of its own for each test or file. */
export class Session {
  readonly server: VSCodeServer;
  readonly browser: Browser;
  readonly #extensionPath: string | undefined;
  readonly #release: () => void;
  readonly #copies: WorkspaceCopy[] = [];

  constructor(parts: {
    readonly server: VSCodeServer;
    readonly browser: Browser;
    readonly extensionPath: string | undefined;
    readonly release: () => void;
  }) {
    this.server = parts.server;
    this.browser = parts.browser;
    this.#extensionPath = parts.extensionPath;
    this.#release = parts.release;
  }

  /** Opens a window on a fresh copy of a workspace, or an empty window. */
  async open(workspace?: string): Promise<Workbench> {
    const copy = workspace === undefined ? undefined : await copyWorkspace(workspace);
    if (copy !== undefined) this.#copies.push(copy);
    const context = await this.browser.newContext({ viewport: { width: 1400, height: 900 } });
    await keepSecrets(context);
    // What is not there after this time does not come; Playwright's own half minute only makes failures slow.
    context.setDefaultTimeout(15_000);
    // As on a desktop, nobody is asked before something is copied.
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    return Workbench.open(context, this.server, {
      ...(copy === undefined ? {} : { folder: copy.folder }),
      extensionDevelopmentPaths: this.#extensionPath === undefined ? [] : [this.#extensionPath],
    });
  }

  /** Ends browser and server and removes everything they wrote. */
  async close(): Promise<void> {
    await closeBrowser(this.browser);
    await this.server.stop();
    for (const copy of this.#copies) await copy.remove();
    this.#release();
  }
}

/**
 * Makes secrets survive a reload, as on a desktop. The window keeps them encrypted in its own storage and asks its
 * server for half of the key; VS Code's bare server has no answer to that, and then secrets are in memory only.
 */
async function keepSecrets(context: BrowserContext): Promise<void> {
  await context.addInitScript(`if (window === top) {
    const fetchFromServer = window.fetch;
    window.fetch = (target, options) => target === "/mint-key"
      ? Promise.resolve(new Response(new Uint8Array(32)))
      : fetchFromServer(target, options);
  }`);
}

/** Waits for the machine's suite lock and starts what a UI suite needs; belongs into a `before` hook. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const lock = await lockSuite();
  try {
    const server = await startServer(await installServer(options.vscode ?? "latest"), options);
    try {
      const browser = await launchBrowser();
      return new Session({ server, browser, extensionPath: options.extensionPath, release: lock.release });
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}
