/**
 * Reads one folder as a host does and prints what that took, as JSON: a process of its own, so that nothing is warm.
 * `node index-child.ts TREE STATE_HOME|- EDITS`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assetPaths, extractionWorkerPath, indexThreadPath } from "../../src/hosts/shared/asset-paths.ts";
import { WorkspaceIndex } from "../../src/workspace/index/workspace-index.ts";

export interface IndexFigures {
  readonly files: number;
  readonly parsed: number;
  readonly objects: number;
  /** Until the catalog was there. */
  readonly ms: number;
  readonly cpuMs: number;
  /** Memory of the process at its highest above what it was before, in bytes. */
  readonly growth: number;
  /** Of the event loop of the thread that asked, in milliseconds. */
  readonly delayP99: number;
  readonly delayMax: number;
  /** Milliseconds until the catalog knew of each edit, by kind of edit. */
  readonly edits: {
    readonly comment: readonly number[];
    readonly line: readonly number[];
    readonly model: readonly number[];
  };
}

const [tree = "", state = "-", edits = "0"] = process.argv.slice(2);
const distDir = fileURLToPath(new URL("../../dist", import.meta.url));
const index = new WorkspaceIndex({
  roots: [{ name: "bench", path: tree }],
  assets: assetPaths(distDir),
  workerUrl: pathToFileURL(extractionWorkerPath(distDir)),
  threadUrl: pathToFileURL(indexThreadPath(distDir)),
  stateFolder: state === "-" ? null : state,
});

const before = process.memoryUsage.rss();
let highest = before;
const watch = setInterval(() => {
  highest = Math.max(highest, process.memoryUsage.rss());
}, 10);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const cpu = process.cpuUsage();
const start = performance.now();
const catalog = await index.catalog();
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
delay.disable();
clearInterval(watch);

const figures: IndexFigures = {
  files: catalog.report.filesSeen,
  parsed: catalog.report.filesParsed,
  objects: [...catalog.objects()].length,
  ms,
  cpuMs: (user + system) / 1000,
  growth: highest - before,
  // The histogram counts the waiting of a millisecond itself.
  delayP99: Math.max(0, delay.percentile(99) / 1e6 - 1),
  delayMax: Math.max(0, delay.max / 1e6 - 1),
  edits: await edit(Number(edits)),
};
await index.dispose();
console.log(JSON.stringify(figures));

async function edit(rounds: number): Promise<IndexFigures["edits"]> {
  const result = { comment: [] as number[], line: [] as number[], model: [] as number[] };
  const uris = [...new Set(catalog.models.map(({ uri }) => uri))].filter((uri) => uri.endsWith(".py"));
  const uri = uris[Math.floor(uris.length / 2)];
  if (uri === undefined) return result;
  const path = join(tree, uri);
  const text = readFileSync(path, "utf8");
  const write = async (changed: string): Promise<number> => {
    writeFileSync(path, changed);
    const from = performance.now();
    index.refresh([uri]);
    await index.catalog();
    return performance.now() - from;
  };
  // Each edit is one of the file as it was.
  const measure = async (changed: string): Promise<number> => {
    const ms = await write(changed);
    await write(text);
    return ms;
  };
  // What the first edits of a session load is loaded.
  await measure(`\n${text}\n# first\n`);
  for (let round = 0; round < rounds; round++) {
    result.comment.push(await measure(`${text}\n# round ${round}\n`));
    result.line.push(await measure(`${"\n".repeat(round + 1)}${text}`));
    result.model.push(
      await measure(`${text}\n\nclass Added${round}(models.Model):\n    at = models.DateField()\n`),
    );
  }
  return result;
}
