/**
 * Writes docs/examples/: prompt packs of a real open-source project, as the command line prints them.
 * `node scripts/write-examples.ts [--source DIR]`; without a folder the project is cloned at the pinned commit.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { cliCommand } from "../src/flows/cli-command.ts";
import { openStudioWorkspace } from "../src/hosts/shared/studio-workspace.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));

const PROJECT = {
  name: "Healthchecks",
  repository: "https://github.com/healthchecks/healthchecks",
  commit: "29b5ec251059034b79e0120e2ff0c3e35d7bd9f8",
  licence: "BSD 3-Clause, Copyright (c) 2015, Pēteris Caune and other contributors",
};

const EXAMPLES = [
  {
    file: "explain-model",
    request: { flow_type: "model", action_key: "explain_model", context: { model_name: "api.Channel" } },
  },
  {
    file: "explain-migration",
    request: {
      flow_type: "migration",
      action_key: "explain_migration",
      context: { app: "api", name: "0115" },
    },
  },
];

const { values } = parseArgs({ options: { source: { type: "string" } } });
const folder = values.source ?? (await clone());
const target = join(root, "docs/examples");
await mkdir(target, { recursive: true });
const workspace = openStudioWorkspace({
  roots: [{ name: "healthchecks", path: folder }],
  distDir: join(root, "dist"),
  cache: false,
});
try {
  for (const { file, request } of EXAMPLES) {
    const pack = await workspace.buildPack(request);
    if (!pack.ok) throw new Error(`${file}: ${pack.error}`);
    const page = [
      `<!-- Written by scripts/write-examples.ts; do not edit. -->`,
      `# ${pack.action_key}: ${pack.target?.name}`,
      "",
      `\`${cliCommand(request)}\` on [${PROJECT.name}](${PROJECT.repository}) at \`${PROJECT.commit.slice(0, 10)}\`.`,
      `The excerpts are from that project (${PROJECT.licence}).`,
      "",
      `About ${pack.token_estimate} tokens, ${pack.evidence.length} places cited, fingerprint \`${pack.fingerprint.slice(0, 16)}\`.`,
      "",
      "## System prompt",
      "",
      quoted(pack.system_prompt),
      "",
      "## User prompt",
      "",
      quoted(pack.user_prompt),
      "",
    ].join("\n");
    await writeFile(join(target, `${file}.md`), page);
    await writeFile(join(target, `${file}.json`), `${JSON.stringify(pack, null, 2)}\n`);
    console.log(`docs/examples/${file}.md`);
  }
} finally {
  await workspace.dispose();
  if (!values.source) await rm(folder, { recursive: true, force: true });
}

async function clone(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "aksara-examples-"));
  const git = (...args: string[]) => run("git", ["-C", copy, ...args]);
  await git("init", "--quiet");
  await git("fetch", "--quiet", "--depth", "1", `${PROJECT.repository}.git`, PROJECT.commit);
  await git("checkout", "--quiet", "FETCH_HEAD");
  return copy;
}

/** A fence longer than any in the text. */
function quoted(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/`{3,}/g)].map((match) => match[0].length + 1));
  const fence = "`".repeat(longest);
  return `${fence}text\n${text}\n${fence}`;
}
