/** `npm run bench [NAME…]`: runs the benches of this folder one after the other and prints their tables. */
import { readdirSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import type { Bench, BenchRow } from "./bench.ts";

const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".bench.ts"))
  .map((name) => name.slice(0, -".bench.ts".length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
);
for (const name of names) {
  const { bench } = (await import(`./${name}.bench.ts`)) as { readonly bench: Bench };
  console.log(`\n${bench.title}`);
  print(await bench.run());
}

function print(rows: readonly BenchRow[]): void {
  const cells = rows.map(({ what, value, bar = "", met, peer = "" }) => {
    return [what, value, bar, met === undefined ? "" : met ? "met" : "NOT MET", peer];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells) {
    const padded = row.map((cell, at) =>
      at === 1 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    console.log(`  ${padded.join("  ")}`.trimEnd());
  }
}
