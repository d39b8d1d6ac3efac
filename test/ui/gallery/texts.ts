import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { projectFolder } from "./build.ts";

/** Every text that the pages may show, from the literal first arguments of `t()`. */
export async function collectTexts(): Promise<string[]> {
  const folder = path.join(projectFolder, "webview");
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const texts = new Set<string>();
  for (const file of files) {
    const source = await readFile(path.join(folder, file), "utf8");
    for (const [, literal] of source.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)) {
      if (literal !== undefined) texts.add(JSON.parse(literal) as string);
    }
  }
  return [...texts].sort();
}

const accents: Readonly<Record<string, string>> = Object.fromEntries(
  [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter, index) => [
    letter,
    [..."åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"][index] ?? letter,
  ]),
);

/** The text with no plain letter left, a third longer as other languages are; `{0}` stays. */
export function pseudo(text: string): string {
  const accented = text.replace(/\{\d+\}|[A-Za-z]/g, (part) => accents[part] ?? part);
  return `${accented}${"·".repeat(Math.ceil(text.length / 3))}`;
}
