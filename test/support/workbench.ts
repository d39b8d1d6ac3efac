import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BrowserContext, Frame, Locator, Page } from "playwright-core";
import { checkout } from "./host/build-host-suite.ts";
import type { ThemeName } from "./vscode-server/release.ts";
import type { PageOptions, VSCodeServer } from "./vscode-server/server.ts";
import { findWebview } from "./webview-frame.ts";

/** The class that the window bears under each kind of colour theme. */
const themeClasses: Readonly<Record<ThemeName, string>> = {
  dark: "vs-dark",
  light: "vs",
  "high-contrast": "hc-black",
  "high-contrast-light": "hc-light",
};

/** What they are called in the list of colour themes. */
const themeLabels: Readonly<Record<ThemeName, string>> = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high-contrast": "Dark High Contrast",
  "high-contrast-light": "Light High Contrast",
};

/** After this time a command that the palette does not have is not there. */
const PALETTE_LIMIT_MS = 45_000;

/** All kinds of colour theme, for a test that goes through them. */
export const themeNames = Object.keys(themeClasses) as readonly ThemeName[];

/** One window of VS Code, handled as a person would: by keyboard, by mouse, by what can be read on the screen. */
export class Workbench {
  readonly page: Page;
  /** The open folder, a copy of the test's workspace; undefined in an empty window. */
  readonly folder: string | undefined;
  readonly #context: BrowserContext;

  private constructor(page: Page, context: BrowserContext, folder: string | undefined) {
    this.page = page;
    this.folder = folder;
    this.#context = context;
  }

  /** Opens a window in a browser context of its own (its storage belongs to it) and waits until it is ready. */
  static async open(context: BrowserContext, server: VSCodeServer, options: PageOptions): Promise<Workbench> {
    const page = await context.newPage();
    const workbench = new Workbench(page, context, options.folder);
    await page.goto(server.url(options));
    await workbench.#ready();
    // All windows of a browser share one: what a test before has copied must not pass for what this one copies.
    await page.evaluate("navigator.clipboard.writeText('')");
    return workbench;
  }

  /** Reloads the window by VS Code's own command (a bare reload loses state not yet written) and waits for it. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.#ready();
  }

  /** Runs a command by its title in the palette, category included: "Probe: Open Panel". */
  async runCommand(title: string): Promise<void> {
    await this.#pick(`>${title}`, title);
  }

  /** Opens the palette and leaves it open at a command. */
  async findCommand(title: string): Promise<Locator> {
    return await this.#find(`>${title}`, title);
  }

  /** Leaves quick picks, input boxes and menus, however many are open. */
  async dismiss(): Promise<void> {
    const open = this.page.locator(".quick-input-widget, .monaco-menu").filter({ visible: true });
    for (let count = await open.count(); count > 0; count = await open.count()) {
      await this.page.keyboard.press("Escape");
      // One press too many would close what lies below, such as the panel.
      await open
        .nth(count - 1)
        .waitFor({ state: "hidden", timeout: 2000 })
        .catch(() => undefined);
    }
  }

  /**
   * Presses a key until something is so, looking first: what it waits for may take a moment after the press that
   * brought it about, so a press too many must do no harm.
   * @throws Error when it is not so within half a minute.
   */
  async pressUntil(key: string, reached: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 30_000;
    while (!(await reached())) {
      if (Date.now() > end) throw new Error(`${key} never led to where it should`);
      await this.page.keyboard.press(key);
      await delay(50);
    }
  }

  /** Opens a file of the folder by its relative path and gives its editor the focus. */
  async openFile(relative: string): Promise<void> {
    const name = path.posix.basename(relative);
    await this.#pick(relative, name);
    await this.page
      .locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`)
      .waitFor();
    await this.#activeEditor().waitFor();
  }

  /** Chooses an entry of the quick pick that is open; typing its name brings it into a long list's view. */
  async choose(label: string): Promise<void> {
    await this.page.locator(".quick-input-widget input.input").fill(label);
    await this.quickPickRow(label).click();
  }

  /** A row of the open quick pick by its exact label. */
  quickPickRow(label: string): Locator {
    const exact = exactly(label);
    return this.page
      .locator(".quick-input-widget .monaco-list-row")
      .filter({ has: this.page.locator(".label-name", { hasText: exact }) })
      .first();
  }

  /** Selects the first place where a text stands in the active editor. */
  async select(text: string): Promise<void> {
    await this.#activeEditor().locator(".view-lines").click();
    await this.page.keyboard.press("ControlOrMeta+Home");
    await this.page.keyboard.press("ControlOrMeta+f");
    const widget = this.page.locator(".editor-group-container.active .find-widget.visible");
    await widget.locator(".find-part textarea").first().fill(text);
    await widget.locator(".matchesCount", { hasText: /^\d+ of \d+/ }).waitFor();
    await this.page.keyboard.press("Escape");
    await widget.waitFor({ state: "hidden" });
  }

  /** Puts the cursor before the first place where a text stands in the active editor. */
  async putCursorAt(text: string): Promise<void> {
    await this.select(text);
    await this.page.keyboard.press("ArrowLeft");
  }

  /** The messages that VS Code holds for the person; toasts come late or never where a test drives the window. */
  async notifications(): Promise<string[]> {
    await this.runCommand("Notifications: Show Notifications");
    const center = this.page.locator(".notifications-center.visible");
    // Without a message there is no center to show.
    await center.waitFor({ timeout: 2000 }).catch(() => undefined);
    const messages = await center.locator(".notification-list-item-message").allInnerTexts();
    await this.runCommand("Notifications: Hide Notifications");
    return messages;
  }

  /** What was last copied. */
  async clipboard(): Promise<string> {
    return this.page.evaluate<string>("navigator.clipboard.readText()");
  }

  /** Empties the clipboard, which all windows share: what is waited for may be there from before. */
  async clearClipboard(): Promise<void> {
    await this.page.evaluate("navigator.clipboard.writeText('')");
  }

  /** The clipboard as soon as it begins with a text, since the host copies some time after a press. */
  async waitForClipboard(start: string): Promise<string> {
    const end = Date.now() + 20_000;
    for (;;) {
      const text = await this.clipboard();
      if (text.startsWith(start)) return text;
      if (Date.now() > end)
        throw new Error(`The clipboard begins with "${text.slice(0, 60)}", not "${start}"`);
      await delay(50);
    }
  }

  /** The line of the cursor, counted from 1, as the status bar says it. */
  async cursorLine(): Promise<number> {
    const text = await this.page.locator("#status\\.editor\\.selection").innerText();
    return Number(/Ln (\d+)/.exec(text)?.[1]);
  }

  /**
   * Opens the context menu at the cursor of the active editor and the submenus named; none stays the top menu. What an
   * extension shows there follows the cursor with some delay, so a menu without the first submenu is opened again.
   */
  async openEditorMenu(...submenus: readonly string[]): Promise<void> {
    const [first] = submenus;
    const end = Date.now() + 5000;
    for (;;) {
      await this.page.keyboard.press("Shift+F10");
      await this.page.locator(".monaco-menu").first().waitFor();
      if (first === undefined || Date.now() > end || (await this.menuItem(first).isVisible())) break;
      await this.page.keyboard.press("Escape");
      await this.page.locator(".monaco-menu").first().waitFor({ state: "hidden" });
      await delay(200);
    }
    await this.#openSubmenus(submenus);
  }

  /** Opens the context menu of something on the screen, such as a tree row, and the submenus named. */
  async openMenuOf(target: Locator, ...submenus: readonly string[]): Promise<void> {
    await target.click({ button: "right" });
    await this.#openSubmenus(submenus);
  }

  /** An item of the open menu or submenu by its label. */
  menuItem(label: string): Locator {
    const exact = exactly(label);
    const text = this.page.locator(".action-label", { hasText: exact });
    return this.page.locator(".monaco-menu .action-item").filter({ has: text }).last();
  }

  /** Presses an item of the open menu. For the first moments after it opened a menu takes no press (measured). */
  async chooseFromMenu(label: string): Promise<void> {
    const item = this.menuItem(label);
    await item.waitFor();
    await delay(250);
    await item.click();
    await this.page.locator(".monaco-menu").first().waitFor({ state: "hidden" });
  }

  /** The labels of the innermost open menu, top to bottom, separators left out. */
  async menuLabels(): Promise<string[]> {
    const menu = this.page.locator(".monaco-menu").last();
    const labels = await menu
      .locator(":scope > .monaco-action-bar > ul > li > a > .action-label")
      .allInnerTexts();
    return labels.map((label) => label.trim()).filter((label) => label !== "");
  }

  /** CodeLenses of the active editor by their title. */
  codeLens(title: string): Locator {
    return this.#activeEditor().locator(".codelens-decoration a", { hasText: exactly(title) });
  }

  /** The CodeLens with a title right above the line that contains a text; both must be on the screen. */
  async codeLensAbove(title: string, text: string): Promise<Locator> {
    const line = this.#activeEditor().locator(".view-line", { hasText: text }).first();
    const end = Date.now() + 10_000;
    let before: string | undefined;
    while (Date.now() < end) {
      const below = await line.boundingBox();
      for (const lens of await this.codeLens(title).all()) {
        const box = await lens.boundingBox();
        if (!box || !below || box.y > below.y || below.y - box.y > 1.5 * below.height) continue;
        // Lenses are made anew after scrolling, and a press on one that goes is lost: so it must stay a while.
        const now = JSON.stringify([await this.codeLens(title).count(), box]);
        if (now === before) return lens;
        before = now;
      }
      await delay(400);
    }
    throw new Error(`No lens "${title}" above "${text}"`);
  }

  /** Shows a view container by the name of its icon in the activity bar. */
  async openContainer(name: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${name}"])`);
    if (!/\bchecked\b/.test((await icon.getAttribute("class")) ?? "")) await icon.click();
  }

  /** A view in the side bar by its title, unfolded. */
  async view(title: string): Promise<Locator> {
    const header = this.page.locator(`.pane-header[aria-label^="${title}"]`);
    await header.waitFor();
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    return this.page.locator(".pane").filter({ has: header });
  }

  /** Unfolds views of the side bar and folds all others, so that these have its height for themselves. */
  async showViews(...titles: readonly string[]): Promise<void> {
    const headers = this.page.locator(".sidebar .pane-header");
    const unfolded = titles.map((title) => headers.and(this.page.locator(`[aria-label^="${title}"]`)));
    for (const header of unfolded) await header.waitFor();
    const labels = await headers.evaluateAll((all) =>
      all.map((each) => each.getAttribute("aria-label") ?? ""),
    );
    for (const [index, label] of labels.entries()) {
      const expanded = titles.some((title) => label.startsWith(title));
      const header = headers.nth(index);
      if ((await header.getAttribute("aria-expanded")) === String(expanded)) continue;
      await header.click();
      await header.and(this.page.locator(`[aria-expanded="${expanded}"]`)).waitFor();
    }
  }

  /** A row of a tree view by its label. */
  async treeRow(view: string, label: string): Promise<Locator> {
    const name = this.page.locator(".label-name", { hasText: exactly(label) });
    const row = (await this.view(view)).locator(".monaco-list-row").filter({ has: name }).first();
    await row.waitFor();
    return row;
  }

  /** The document inside the webview with this title (panel or view). */
  webview(title: string | RegExp): Promise<Frame> {
    return findWebview(this.page, title);
  }

  /** Switches the colour theme and waits until the window shows it. */
  async setTheme(name: ThemeName): Promise<void> {
    await this.runCommand("Preferences: Color Theme");
    await this.choose(themeLabels[name]);
    await this.page.locator(`.monaco-workbench.${themeClasses[name]}`).waitFor();
  }

  /** Answers the question that a server with Workspace Trust asks about a new folder, where the settings let it. */
  async answerTrustPrompt(trust: boolean): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: trust ? /^Yes, I trust/ : /^No, I don/ }).click();
    await dialog.waitFor({ state: "hidden" });
  }

  /** Leaves Restricted Mode by the editor that manages trust. Extensions go on without a reload. */
  async grantTrust(): Promise<void> {
    const editor = this.page.locator(".workspace-trust-editor");
    // Where it is open in the newer release's modal editor, that lets no key through to the palette.
    if (!(await editor.isVisible())) await this.runCommand("Workspaces: Manage Workspace Trust");
    await editor.getByRole("button", { name: "Trust", exact: true }).click();
    await editor
      .locator(".workspace-trust-header .workspace-trust-title", { hasText: "You trust" })
      .waitFor();
    // The newer release shows it over everything else.
    const modal = this.page.locator(".monaco-modal-editor-block");
    if (await modal.isVisible()) {
      await modal.locator(".modal-editor-action-container .action-label[aria-label^='Close']").click();
      await modal.waitFor({ state: "hidden" });
    }
  }

  /** Takes a picture into `out/screens/<name>.png` and returns its path. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(checkout, "out/screens", `${name}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, timeout: 5000, animations: "disabled" });
    return file;
  }

  /** Closes the window and forgets its storage. */
  async close(): Promise<void> {
    await Promise.race([this.#context.close(), delay(5000)]);
  }

  #activeEditor(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance .monaco-editor").first();
  }

  async #ready(): Promise<void> {
    await this.page.waitForFunction("globalThis.driver !== undefined");
    await this.page.evaluate("globalThis.driver.whenWorkbenchRestored()");
  }

  async #openSubmenus(submenus: readonly string[]): Promise<void> {
    await this.page.locator(".monaco-menu").first().waitFor();
    for (const label of submenus) {
      const open = await this.page.locator(".monaco-menu").count();
      await this.menuItem(label).click();
      await this.page.locator(".monaco-menu").nth(open).waitFor();
    }
  }

  async #pick(text: string, label: string): Promise<void> {
    const end = Date.now() + PALETTE_LIMIT_MS;
    for (;;) {
      const row = await this.#find(text, label);
      try {
        // A list that changes under the mouse is looked at again.
        await row.click({ timeout: 5000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /**
   * Types into the palette and waits for a row. Commands appear once the extension host has told of them, and only in
   * a palette opened since; a slow machine needs longer for a list, so each try is given more time.
   */
  async #find(text: string, label: string): Promise<Locator> {
    const input = this.page.locator(".quick-input-widget input.input");
    const row = this.quickPickRow(label);
    const end = Date.now() + PALETTE_LIMIT_MS;
    for (let limit = 2000; ; limit *= 1.5) {
      try {
        await this.page.keyboard.press("F1");
        await input.fill(text, { timeout: limit });
        await row.waitFor({ timeout: limit });
        return row;
      } catch (error) {
        if (Date.now() > end) throw new Error(`The palette has no "${label}"`, { cause: error });
        // Where the palette did not even open, Escape would close what has the focus, such as the panel.
        await this.dismiss();
      }
    }
  }
}

/** Matches a whole text but for the blank beside an icon, for locators that would take a part of it for a hit. */
function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}
