import type { Browser, Page } from "playwright-core";
import { closeBrowser, launchBrowser } from "../support/browser.ts";
import { openGallery } from "../ui/gallery/gallery-server.ts";
import { type Bench, type BenchRow, median, milliseconds, percentile } from "./bench.ts";

const TOKENS = 10_000;
const RUNS = 5;
/** How often the host sends what has come, in milliseconds (see `TextFlow`). */
const GATHER_MS = 24;

/** What a model writes: headings, prose with code and places, a list, a table, a block of SQL; about four characters a token. */
function answer(characters: number): string {
  const section = (number: number): string =>
    [
      `## Finding ${number}`,
      "The model keeps `total_cents` beside `currency`, and nothing says that both change together [E1]. ".repeat(
        4,
      ),
      ["- a check in the database", "- a property in **one** place", "- a test that names the rule"].join(
        "\n",
      ),
      [
        "| column | type | null |",
        "| --- | --- | --- |",
        "| total | integer | no |",
        "| currency | text | no |",
      ].join("\n"),
      `\`\`\`sql\nALTER TABLE shop_order ADD CONSTRAINT positive_${number} CHECK (total > 0);\n\`\`\``,
    ].join("\n\n");
  let text = "";
  for (let number = 1; text.length < characters; number++) text += `${section(number)}\n\n`;
  return text.slice(0, characters);
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** The same in time of the processor: what else runs on the machine is not in it. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
}

/** What the page's thread does in a frame: script, style, layout, and what puts it on the screen. */
const WORK =
  /^(?:FunctionCall|EvaluateScript|RunMicrotasks|TimerFire|FireAnimationFrame|EventDispatch|HandlePostMessage|UpdateLayoutTree|Layout|PrePaint|Paint|Layerize|ParseHTML|MinorGC|MajorGC|v8\.callFunction)$/;

/** Milliseconds of work in each frame in which there was any. */
function framesOf(events: readonly TraceEvent[]): readonly number[] {
  const threads = new Map<string, number>();
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  for (const event of events)
    if (event.name === "FunctionCall")
      threads.set(threadOf(event), (threads.get(threadOf(event)) ?? 0) + (event.dur ?? 0));
  const [main] = [...threads].sort((one, other) => other[1] - one[1])[0] ?? [];
  const own = events.filter((event) => threadOf(event) === main).sort((one, other) => one.ts - other.ts);
  const begins = own.filter(({ name }) => name === "BeginMainThreadFrame").map(({ ts }) => ts);
  const frames = new Map<number, number>();
  let frame = 0;
  let covered = 0;
  for (const { name, ph, ts, dur = 0, tdur = dur } of own) {
    // What lies inside of what was counted is counted already.
    if (ph !== "X" || ts < covered || !WORK.test(name)) continue;
    covered = ts + dur;
    while ((begins[frame] ?? Number.POSITIVE_INFINITY) <= ts) frame++;
    frames.set(frame, (frames.get(frame) ?? 0) + tdur / 1_000);
  }
  return [...frames.values()];
}

/** Sends an answer to the page as the host does, and gives the milliseconds of work of each frame meanwhile. */
async function stream(browser: Browser, page: Page, seconds: number): Promise<readonly number[]> {
  const text = answer(TOKENS * 4);
  const messages = Math.round((seconds * 1_000) / GATHER_MS);
  await browser.startTracing(page, {
    categories: [
      "devtools.timeline",
      "disabled-by-default-devtools.timeline.frame",
      "disabled-by-default-devtools.timeline",
      "v8",
    ],
  });
  await page.evaluate(`(async () => {
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
  })()`);
  const trace = JSON.parse((await browser.stopTracing()).toString("utf8")) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  if ((await page.getByRole("heading", { name: /^Finding / }).count()) < 10)
    throw new Error("the panel does not show the answer");
  return framesOf(trace.traceEvents);
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
