/**
 * `npm run oracle`: reads the oracle's cases with other people's clients and writes what they see beside the cases.
 * `--check` writes nothing and fails when they see something else by now. Installs them where they are not there.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installPeers, peerVersions } from "../bench/peers/load-peer.ts";
import { ORACLE_CASES } from "./cases.ts";
import type { Seen } from "./observed.ts";
import { othersSee } from "./others.ts";

const file = join(import.meta.dirname, "expectations.json");

installPeers();
const seen: Record<string, Seen> = {};
for (const { form, name, stream } of ORACLE_CASES) seen[`${form}: ${name}`] = await othersSee(form, stream);
const readers = Object.fromEntries(
  Object.entries(peerVersions()).filter(([name]) => name.startsWith("@ai-sdk/") || name === "ollama"),
);
const text = `${JSON.stringify({ readers, seen }, null, 2)}\n`;
if (!process.argv.includes("--check")) await writeFile(file, text);
else if ((await readFile(file, "utf8")) !== text) {
  console.error("The other clients see something else by now: run npm run oracle, and look at what changed.");
  process.exitCode = 1;
}
