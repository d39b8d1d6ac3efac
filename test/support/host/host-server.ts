import { setTimeout as delay } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { closeBrowser, launchBrowser } from "../browser.ts";
import { type InstalledServer, installServer } from "../vscode-server/install.ts";
import type { ReleaseName } from "../vscode-server/release.ts";
import { type ServerOptions, startServer, type VSCodeServer } from "../vscode-server/server.ts";
import { SuiteReader, type SuiteResult } from "./suite-result.ts";
import { makeSuiteShell } from "./suite-shell.ts";

/** One window that runs one suite. Paths are absolute. */
export interface HostWindow {
  readonly name: string;
  /** A bundle made by `buildHostSuite`. */
  readonly suite: string;
  /** A folder, or a `.code-workspace` file; without it the window is empty. Tests may write in it. */
  readonly workspace?: string | undefined;
  /** The extension from source; leave it out where a .vsix brings it. */
  readonly extensionPath?: string | undefined;
  /** Milliseconds for the whole run, default 10 minutes. */
  readonly limitMs?: number | undefined;
}

/** A VS Code server and a browser that run one suite after the other, each in a window and extension host of its own. */
export class HostServer {
  readonly #server: VSCodeServer;
  readonly #browser: Browser;
  readonly #print: (line: string) => void;

  constructor(server: VSCodeServer, browser: Browser, print: (line: string) => void) {
    this.#server = server;
    this.#browser = browser;
    this.#print = print;
  }

  /** Opens the window and follows the result file until the suite or the extension host ends. */
  async run(window: HostWindow): Promise<SuiteResult> {
    const shell = await makeSuiteShell(window.suite);
    const developed = window.extensionPath === undefined ? [] : [window.extensionPath];
    const url = this.#server.url({
      ...(window.workspace === undefined ? {} : { folder: window.workspace }),
      extensionDevelopmentPaths: [shell.extensionPath, ...developed],
      extensionTestsPath: shell.testsPath,
    });
    const context = await this.#browser.newContext({ viewport: { width: 1400, height: 900 } });
    try {
      const page = await context.newPage();
      const reader = new SuiteReader(shell.resultFile, this.#print);
      const log: string[] = [];
      let exited = false;
      await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
        log.push(`${type}: ${args.map(String).join(" ")}`);
      });
      await page.exposeFunction("codeAutomationExit", () => {
        exited = true;
      });
      page.on("crash", () => {
        exited = true;
      });
      await page.goto(url, { waitUntil: "commit" });
      const end = Date.now() + (window.limitMs ?? 10 * 60_000);
      while (!exited && !reader.ended && Date.now() < end) {
        await delay(100);
        reader.poll();
      }
      reader.poll();
      const result = reader.result(window.name);
      // The last words of the window are the only hint where the extension host died, or a hook waited in vain.
      if (result.broken !== undefined || result.failed > 0) console.error(log.slice(-30).join("\n"));
      return result;
    } finally {
      await Promise.race([context.close(), delay(5000)]);
      await shell.dispose();
    }
  }

  /** Ends browser and server and removes everything they wrote. */
  async close(): Promise<void> {
    await closeBrowser(this.#browser);
    await this.#server.stop();
  }
}

/** Starts server and browser. Whoever calls this holds the suite lock. */
export async function openHostServer(
  vscode: ReleaseName,
  options: ServerOptions,
  print: (line: string) => void = console.log,
): Promise<HostServer> {
  const installed: InstalledServer = await installServer(vscode, { log: print });
  const server = await startServer(installed, options);
  try {
    return new HostServer(server, await launchBrowser(), print);
  } catch (error) {
    await server.stop();
    throw error;
  }
}
