import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame, Page } from "playwright-core";

/**
 * The document of a webview: an iframe within an iframe, the inner one bearing the title of panel or view.
 * @throws Error naming the webviews there are when none with that title is visible within `limitMs`.
 */
export async function findWebview(page: Page, title: string | RegExp, limitMs = 30_000): Promise<Frame> {
  const end = Date.now() + limitMs;
  let seen: string[] = [];
  while (Date.now() < end) {
    seen = [];
    for (const frame of page.frames()) {
      const found = await webviewTitle(frame);
      if (found !== undefined && (typeof title === "string" ? found === title : title.test(found)))
        return frame;
      if (found !== undefined) seen.push(found);
    }
    await delay(100);
  }
  throw new Error(`No webview "${title}"; there are: ${seen.join(", ") || "none"}`);
}

/** The title of a webview's inner frame if it is one and can be seen. */
async function webviewTitle(frame: Frame): Promise<string | undefined> {
  const outer = frame.parentFrame();
  if (outer?.parentFrame() === null || outer?.parentFrame() === undefined) return undefined;
  try {
    const outerElement = await outer.frameElement();
    const innerElement = await frame.frameElement();
    // While it loads, the inner frame is called pending-frame.
    if ((await innerElement.getAttribute("id")) !== "active-frame") return undefined;
    if (!(await outerElement.isVisible())) return undefined;
    return (await innerElement.getAttribute("title")) ?? "";
  } catch {
    // The frame went away while it was looked at, which is what frames of a closing panel do.
    return undefined;
  }
}

/**
 * Runs axe in a frame. The page's content security policy stays in force: the source goes in over the debugger,
 * which the policy does not bind. A webview is transparent and axe would take what shines through for white, so it
 * is given the background that it stands on.
 */
export async function runAxe(
  frame: Frame,
  options: { readonly surface?: "editor" | "sideBar" | "panel"; readonly axe?: RunOptions } = {},
): Promise<AxeResults> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await frame.evaluate(`${source};
    if (getComputedStyle(document.documentElement).backgroundColor === "rgba(0, 0, 0, 0)")
      document.documentElement.style.backgroundColor = "var(--vscode-${options.surface ?? "editor"}-background)";`);
  return frame.evaluate((given) => {
    const { axe } = globalThis as unknown as { axe: { run(options: unknown): Promise<AxeResults> } };
    return axe.run(given);
  }, options.axe ?? {});
}

/** What axe calls serious or critical, one line each, for an assertion that reads well when it fails. */
export function seriousFindings(results: AxeResults): string[] {
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(" ")).join("; ")})`,
    );
}
