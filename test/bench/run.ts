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
  const cells = rows.map(({ what, value, bar }) => [what, value, bar ?? ""]);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const [what = "", value = "", bar = ""] of cells) {
    console.log(`  ${what.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${bar}`.trimEnd());
  }
}
