import type { Browser, Page } from "playwright-core";

/** What a model writes: headings, prose with code and places, a list, a table, a block of SQL; about four characters a token. */
export function modelAnswer(characters: number): string {
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

/** Milliseconds of work of a page in each frame while something goes on in it. */
export async function framesWhile(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<readonly number[]> {
  await browser.startTracing(page, {
    categories: [
      "devtools.timeline",
      "disabled-by-default-devtools.timeline.frame",
      "disabled-by-default-devtools.timeline",
      "v8",
    ],
  });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString("utf8")) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return framesOf(trace.traceEvents);
}
