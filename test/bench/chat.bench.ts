import type { Browser, Page } from "playwright-core";
import { closeBrowser, launchBrowser } from "../support/browser.ts";
import { type Gallery, openGallery } from "../ui/gallery/gallery-server.ts";
import { longThread, textItem } from "../ui/gallery/views/chat-items.ts";
import { type Bench, type BenchRow, median, milliseconds, percentile } from "./bench.ts";
import { framesWhile, modelAnswer } from "./page-frames.ts";

const TOKENS = 10_000;
const RUNS = 5;
/** How often the host sends what has come, in milliseconds (see `ChatLine`). */
const GATHER_MS = 24;
/** Eight items a turn. */
const LONG = longThread(250);
/** Number of the event behind those of the state that is opened. */
const NEXT_SEQ = 3;

const PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
const TRANSCRIPT = `document.querySelector("aksara-chat")?.shadowRoot?.querySelector("aksara-transcript")?.shadowRoot`;
const FIELD = `document.querySelector("aksara-chat")?.shadowRoot?.querySelector("aksara-composer")?.shadowRoot?.querySelector("textarea")`;

async function openPage(browser: Browser, gallery: Gallery): Promise<Page> {
  // As wide as the secondary side bar is at first.
  const page = await browser.newPage({ viewport: { width: 300, height: 900 } });
  await page.goto(gallery.url("chat", "ready", "dark-modern", "en"), { waitUntil: "load" });
  return page;
}

/** Shows a thread of 2,000 events. Gives the milliseconds until it is painted. */
async function showLong(page: Page): Promise<number> {
  const event = { type: "thread", seq: NEXT_SEQ, thread: "long", title: "Long", items: LONG };
  return await page.evaluate<number>(`(async () => {
    const began = performance.now();
    window.postMessage(${JSON.stringify(event)}, "*");
    while (!(${TRANSCRIPT}?.querySelector("aksara-tool-group"))) await new Promise((done) => requestAnimationFrame(done));
    await ${PAINTED};
    return performance.now() - began;
  })()`);
}

interface Streaming {
  readonly seconds: number;
  /** Behind a long thread. */
  readonly long: boolean;
}

/** Sends an answer to the page as the host does, and gives the milliseconds of work of each frame meanwhile. */
async function stream(
  browser: Browser,
  page: Page,
  { seconds, long }: Streaming,
): Promise<readonly number[]> {
  const text = modelAnswer(TOKENS * 4);
  const messages = Math.round((seconds * 1_000) / GATHER_MS);
  const item = textItem("bench", 9_000_000, "", true);
  const frames = await framesWhile(browser, page, () =>
    page.evaluate(`(async () => {
      const text = ${JSON.stringify(text)};
      const size = Math.ceil(text.length / ${messages});
      let seq = ${NEXT_SEQ + (long ? 1 : 0)};
      const send = (event) => window.postMessage({ seq: seq++, ...event }, "*");
      send({ type: "item", item: ${JSON.stringify(item)} });
      for (let offset = 0; offset < text.length; offset += size) {
        await new Promise((done) => setTimeout(done, ${GATHER_MS}));
        send({ type: "text", id: ${JSON.stringify(item.id)}, offset, text: text.slice(offset, offset + size) });
      }
      await new Promise((done) => setTimeout(done, 200));
    })()`),
  );
  if ((await page.getByRole("heading", { name: /^Finding / }).count()) < 10)
    throw new Error("the chat does not show the answer");
  return frames;
}

async function streamRow(browser: Browser, gallery: Gallery, streaming: Streaming): Promise<BenchRow> {
  const { seconds, long } = streaming;
  const p95: number[] = [];
  const most: number[] = [];
  let frames = 0;
  for (let run = 0; run < RUNS; run++) {
    const page = await openPage(browser, gallery);
    if (long) await showLong(page);
    const work = await stream(browser, page, streaming);
    p95.push(percentile(work, 0.95));
    most.push(Math.max(...work));
    frames = work.length;
    await page.context().close();
  }
  return {
    what: `script and layout in a frame (p95), ${TOKENS / seconds} tokens a second${long ? `, behind ${LONG.length} events` : ""}`,
    value: milliseconds(median(p95)),
    bar: "16 ms",
    met: median(p95) <= 16,
    peer: `longest ${milliseconds(median(most))}, of ${frames} frames`,
  };
}

/** From the beginning of the page until something can be typed and was painted; then a long thread. */
async function openRows(browser: Browser, gallery: Gallery): Promise<readonly BenchRow[]> {
  const opened: number[] = [];
  const shown: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage({ viewport: { width: 300, height: 900 } });
    await page.addInitScript(`(async () => {
      while (!(${FIELD})) await new Promise((done) => requestAnimationFrame(done));
      await ${PAINTED};
      globalThis.interactiveAt = performance.now();
    })()`);
    await page.goto(gallery.url("chat", "ready", "dark-modern", "en"), { waitUntil: "load" });
    await page.waitForFunction("globalThis.interactiveAt !== undefined");
    opened.push(await page.evaluate<number>("globalThis.interactiveAt"));
    shown.push(await showLong(page));
    await page.context().close();
  }
  return [
    {
      what: "page opened until one can type",
      value: milliseconds(median(opened)),
      bar: "200 ms",
      met: median(opened) <= 200,
    },
    { what: `a thread of ${LONG.length} events shown`, value: milliseconds(median(shown)) },
  ];
}

/** Script memory of the page with a long thread, after everything that is not needed was collected. */
async function memoryRow(browser: Browser, gallery: Gallery): Promise<BenchRow> {
  const page = await openPage(browser, gallery);
  await showLong(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("Performance.enable");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  const megabytes = of("JSHeapUsedSize") / 2 ** 20;
  const nodes = of("Nodes");
  await page.context().close();
  return {
    what: `memory of a thread of ${LONG.length} events`,
    value: `${megabytes.toFixed(1)} MB`,
    bar: "100 MB",
    met: megabytes <= 100,
    peer: `script's heap; ${Math.round(nodes).toLocaleString("en")} nodes`,
  };
}

export const bench: Bench = {
  title: `Chat: ${TOKENS.toLocaleString("en")} tokens of an answer arrive, and long threads, in a real browser (median of ${RUNS} runs)`,
  run: async () => {
    const gallery = await openGallery();
    const browser = await launchBrowser();
    try {
      return [
        await streamRow(browser, gallery, { seconds: 20, long: false }),
        await streamRow(browser, gallery, { seconds: 5, long: false }),
        await streamRow(browser, gallery, { seconds: 5, long: true }),
        ...(await openRows(browser, gallery)),
        await memoryRow(browser, gallery),
      ];
    } finally {
      await closeBrowser(browser);
      await gallery.close();
    }
  },
};
