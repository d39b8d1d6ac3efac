import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

export interface CorpusEntry {
  /** Unique within its folder. */
  readonly name: string;
  readonly text: string;
  /** Parts of the text that redaction has to remove; none for a look-alike. */
  readonly secrets: readonly string[];
}

const HEX = "0123456789abcdef";
const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const ALPHABETS: Readonly<Record<string, string>> = {
  A: LOWER + LOWER.toUpperCase() + DIGITS,
  a: LOWER + DIGITS,
  B: `${LOWER}${LOWER.toUpperCase()}${DIGITS}+/`,
  U: `${LOWER.toUpperCase()}234567`,
  h: HEX,
  d: DIGITS,
};

/** The entries of one folder of the corpus, as README.md describes them. */
export function readCorpus(folder: "secrets" | "look-alikes"): readonly CorpusEntry[] {
  const home = new URL(`${folder}/`, import.meta.url);
  return readdirSync(home)
    .sort()
    .flatMap((file) => readFileSync(new URL(file, home), "utf8").split("\n"))
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(readEntry);
}

function readEntry(line: string): CorpusEntry {
  const at = line.indexOf(" | ");
  const name = line.slice(0, at);
  let drawn = 0;
  const marked = line
    .slice(at + 3)
    .replaceAll("¦", "")
    .replaceAll("⏎", "\n")
    .replace(/\{([AaBUhd])(\d+)\}/g, (_whole, alphabet: string, length: string) =>
      draw(`${name}#${drawn++}`, ALPHABETS[alphabet] ?? HEX, Number(length)),
    );
  return {
    name,
    text: marked.replace(/[⟦⟧]/g, ""),
    secrets: [...marked.matchAll(/⟦([^⟧]*)⟧?/g)].map((match) => match[1] ?? ""),
  };
}

/** Characters of an alphabet, the same for the same seed. */
function draw(seed: string, alphabet: string, length: number): string {
  let text = "";
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash("sha256").update(`${seed}:${block}`).digest()) {
      text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text.slice(0, length);
}
