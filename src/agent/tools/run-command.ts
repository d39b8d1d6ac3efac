import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { sha256 } from "../../workspace/hash.ts";
import { commandDangers, shellDangers } from "../approvals/dangers/command.ts";
import type { Place } from "../files/path-policy.ts";
import { copyWorkspace } from "../files/workspace-copy.ts";
import { runProcess } from "../run-process.ts";
import { defineTool, type Intent, type ToolContext } from "./tool.ts";

/** What is kept of each output stream, in characters. */
const LARGEST_OUTPUT = 1_000_000;

const input = z
  .strictObject({
    argv: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("the program and its arguments; no shell is involved"),
    shell: z.string().min(1).optional().describe("a text for the shell, where argv is not enough"),
    cwd: z.string().default("").describe("folder of the workspace to run in"),
  })
  .refine(({ argv, shell }) => (argv === undefined) !== (shell === undefined), "give either argv or shell");

type Input = z.output<typeof input>;

export const runCommandTool = defineTool<Input>({
  name: "run_command",
  description:
    "Runs a command in the workspace and gives its exit code and output. A person is asked each time. The environment has no secrets; there is no terminal and no input.",
  input,
  class: "system",
  risk: "medium",
  timeoutSeconds: 120,
  outputBudget: 16_000,
  intend: async (given, context) => await intentOf(given, context),
  execute: async ({ argv, shell, cwd }, context) => {
    const { path } = await folderOf(cwd, context);
    const copy = context.files.overlay ? await copyWorkspace(context.files, context.signal) : null;
    const folder = copy?.pathOf(path) ?? path;
    const [file = "", ...args] = argv ?? shellArgv(shell ?? "");
    const ended = await runProcess({
      file,
      args,
      cwd: folder,
      environment: process.env,
      timeoutMs: context.timeoutMs - 500,
      largestOutput: LARGEST_OUTPUT,
      signal: context.signal,
    }).finally(() => copy?.dispose());
    const parts = [
      ...(copy
        ? ["It ran in a copy of the workspace with the changes that are held back; what it changed is gone."]
        : []),
      ended.timedOut
        ? `stopped after ${Math.round((context.timeoutMs - 500) / 1000)} seconds, with all its processes`
        : ended.signal !== null
          ? `ended by ${ended.signal}`
          : `exit code ${ended.code}`,
      ...(ended.stdout === "" ? [] : [`standard output:\n${ended.stdout}`]),
      ...(ended.stderr === "" ? [] : [`standard error:\n${ended.stderr}`]),
    ];
    // A command may have changed anything.
    if (!copy) context.workspace.refresh();
    const output = parts.join("\n");
    if (ended.timedOut) throw new AksaraError("TOOL_TIMEOUT", output);
    return { output };
  },
});

async function intentOf({ argv, shell, cwd }: Input, context: ToolContext): Promise<Intent> {
  const folder = await folderOf(cwd, context);
  const dangers =
    argv === undefined
      ? await shellDangers(shell ?? "", context.sql)
      : await commandDangers(argv, context.sql);
  const scripts = await scriptsOf(argv, cwd, context);
  return {
    preview: { kind: "command", command: argv?.map(quoted).join(" ") ?? shell ?? "", cwd: folder.uri },
    dangers:
      shell === undefined ? dangers : [{ name: "shell", what: "It is a text for a shell." }, ...dangers],
    changes: [],
    // A command line of somebody's package.json is not the one that was approved once the file has changed.
    covers: argv === undefined ? null : sha256(canonicalJson({ argv, cwd: folder.uri, scripts })),
  };
}

async function folderOf(cwd: string, { files }: ToolContext): Promise<Place> {
  const place = await files.place(cwd === "" ? "." : cwd);
  if (place.exists) return place;
  throw new AksaraError("CONTEXT_NOT_FOUND", `There is no folder ${JSON.stringify(cwd)}.`);
}

function shellArgv(text: string): readonly string[] {
  return process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c", text] : ["/bin/sh", "-c", text];
}

/** Hashes of the files that say what a script's name means. */
async function scriptsOf(
  argv: readonly string[] | undefined,
  cwd: string,
  { files }: ToolContext,
): Promise<readonly string[]> {
  const name = SCRIPT_FILES.find(([program]) => program.test(argv?.[0] ?? ""))?.[1];
  if (name === undefined) return [];
  const found = await files.find(cwd === "" ? name : `${cwd}/${name}`);
  return found ? [found.hash] : [];
}

const SCRIPT_FILES: readonly (readonly [program: RegExp, file: string])[] = [
  [/(?:^|\/)(?:npm|pnpm|yarn|bun)$/, "package.json"],
  [/(?:^|\/)(?:make|gmake)$/, "Makefile"],
  [/(?:^|\/)composer$/, "composer.json"],
  [/(?:^|\/)just$/, "justfile"],
];

/** As a person would type it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
