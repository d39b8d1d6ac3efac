import type { Browser, Page } from "playwright-core";
import type { FlowPanelEvent } from "../../../src/protocol/flow-panel.ts";
import { closeBrowser, launchBrowser } from "../../support/browser.ts";
import { type Gallery, type GalleryLocale, openGallery } from "../gallery/gallery-server.ts";

/** A page of the gallery, steered as a person would, with what it told its host. */
export class TestPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What the page posted so far, without `ready` and `state`. */
  async posted(): Promise<unknown[]> {
    return (await this.allPosted()).filter(({ type }) => type !== "ready" && type !== "state");
  }

  allPosted(): Promise<{ type: string }[]> {
    return this.page.evaluate("window.posted");
  }

  /** Clears what was posted, so that a test sees its own messages only. */
  forget(): Promise<void> {
    return this.page.evaluate("void (window.posted.length = 0)");
  }

  /** An event from the host; anything, because a test may send nonsense. */
  async send(event: FlowPanelEvent | Record<string, unknown>): Promise<void> {
    await this.page.evaluate(
      `new Promise((done) => { window.postMessage(${JSON.stringify(event)}, "*"); setTimeout(done); })`,
    );
    await this.settle();
  }

  /** Waits until the page has rendered what it knows. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
  }

  /** The element that has the focus, through all shadow trees: its words, or its tag. */
  focused(): Promise<{ tag: string; label: string; outlined: boolean }> {
    return this.page.evaluate(`(() => {
      let element = document.activeElement;
      let label = "";
      while (element) {
        label = element.getAttribute("aria-label") || element.getAttribute("label") || element.textContent.trim() || label;
        if (!element.shadowRoot?.activeElement) break;
        element = element.shadowRoot.activeElement;
      }
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      const own = element.getAttribute("aria-label") || element.textContent.trim().replace(/\\s+/g, " ");
      return { tag: element.localName, label: own || label, outlined };
    })()`);
  }
}

/** Opens states of the gallery for the tests of one file. */
export class PageSource {
  #gallery: Gallery | undefined;
  #browser: Browser | undefined;

  async start(): Promise<void> {
    this.#gallery = await openGallery();
    this.#browser = await launchBrowser();
  }

  async stop(): Promise<void> {
    if (this.#browser !== undefined) await closeBrowser(this.#browser);
    await this.#gallery?.close();
  }

  get gallery(): Gallery {
    if (this.#gallery === undefined) throw new Error("The gallery has not been started.");
    return this.#gallery;
  }

  async open(
    view: string,
    state: string,
    options: { readonly theme?: string; readonly width?: number; readonly locale?: GalleryLocale } = {},
  ): Promise<TestPage> {
    if (this.#browser === undefined) throw new Error("The browser has not been started.");
    const page = await this.#browser.newPage({
      viewport: { width: options.width ?? 700, height: 900 },
      reducedMotion: "reduce",
    });
    const url = this.gallery.url(view, state, options.theme ?? "dark-modern", options.locale ?? "en");
    await page.goto(url, { waitUntil: "load" });
    const test = new TestPage(page);
    await test.settle();
    return test;
  }

  async closePages(): Promise<void> {
    for (const context of this.#browser?.contexts() ?? []) await context.close();
  }
}
