import type { Browser, Page } from "playwright-core";
import { closeBrowser, launchBrowser } from "../support/browser.ts";
import { openGallery } from "../ui/gallery/gallery-server.ts";
import { type Bench, type BenchRow, median, milliseconds, percentile } from "./bench.ts";
import { framesWhile, modelAnswer } from "./page-frames.ts";

const TOKENS = 10_000;
const RUNS = 5;
/** How often the host sends what has come, in milliseconds (see `TextFlow`). */
const GATHER_MS = 24;

/** Sends an answer to the page as the host does, and gives the milliseconds of work of each frame meanwhile. */
async function stream(browser: Browser, page: Page, seconds: number): Promise<readonly number[]> {
  const text = modelAnswer(TOKENS * 4);
  const messages = Math.round((seconds * 1_000) / GATHER_MS);
  const frames = await framesWhile(browser, page, () =>
    page.evaluate(`(async () => {
    const text = ${JSON.stringify(text)};
    const size = Math.ceil(text.length / ${messages});
    // Behind the last event of the state that was opened.
    let seq = 7;
    const send = (event) => window.postMessage({ seq: ++seq, run: 2, ...event }, "*");
    send({ type: "run-started", started_at: Date.now() });
    send({ type: "run-progress", stage: "asking", provider: "bench", model: "bench" });
    for (let offset = 0; offset < text.length; offset += size) {
      await new Promise((done) => setTimeout(done, ${GATHER_MS}));
      send({ type: "run-text", offset, text: text.slice(offset, offset + size) });
    }
    await new Promise((done) => setTimeout(done, 200));
  })()`),
  );
  if ((await page.getByRole("heading", { name: /^Finding / }).count()) < 10)
    throw new Error("the panel does not show the answer");
  return frames;
}

export const bench: Bench = {
  title: `Panel: ${TOKENS.toLocaleString("en")} tokens of an answer arrive in a real browser (median of ${RUNS} runs)`,
  run: async () => {
    const gallery = await openGallery();
    const browser = await launchBrowser();
    try {
      const rows: BenchRow[] = [];
      for (const seconds of [20, 5]) {
        const p95: number[] = [];
        const most: number[] = [];
        let frames = 0;
        for (let run = 0; run < RUNS; run++) {
          const page = await browser.newPage({ viewport: { width: 700, height: 900 } });
          await page.goto(gallery.url("panel", "run-streaming", "dark-modern", "en"), { waitUntil: "load" });
          const work = await stream(browser, page, seconds);
          p95.push(percentile(work, 0.95));
          most.push(Math.max(...work));
          frames = work.length;
          await page.context().close();
        }
        rows.push({
          what: `script and layout in a frame (p95), ${TOKENS / seconds} tokens a second`,
          value: milliseconds(median(p95)),
          bar: "16 ms",
          met: median(p95) <= 16,
          peer: `longest ${milliseconds(median(most))}, of ${frames} frames`,
        });
      }
      return rows;
    } finally {
      await closeBrowser(browser);
      await gallery.close();
    }
  },
};
