import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the built product: where this code lies when it is built, `dist` of the checkout when it runs from source. */
export function distDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (/[\\/]src[\\/]hosts[\\/]shared$/.test(here)) return resolve(here, "../../../dist");
  return basename(here) === "chunks" ? dirname(here) : here;
}

/** Version of the product, from the package.json beside `dist`. */
export async function productVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(distDirectory(), "..", "package.json"), "utf8"));
  return String(version);
}
