import type { PostgresParser } from "../../../database/sql/parse-postgres.ts";
import type { SqlDialect } from "../../../workspace/ir/query.ts";
import { holdsSecrets } from "../../files/path-policy.ts";
import type { Danger } from "../../tools/tool.ts";
import { COMMAND_RULES } from "./command-rules.ts";
import { shellCommands } from "./shell-words.ts";
import { sqlDangers } from "./sql.ts";

/** How deep commands may stand in commands; deeper ones are not understood. */
const DEEPEST = 6;

/** Programs that run what their other arguments say, with the options of theirs that take a value. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  env: /^-[uSC]$/,
  nohup: /^$/,
  time: /^-[fo]$/,
  nice: /^-n$/,
  ionice: /^-[cnpt]$/,
  timeout: /^-[ks]$/,
  stdbuf: /^-[ioe]$/,
  xargs: /^-[aEeIiLlnPsd]$/,
  parallel: /^-[jNn]$/,
  setsid: /^$/,
  command: /^$/,
  builtin: /^$/,
  exec: /^-a$/,
  busybox: /^$/,
  toybox: /^$/,
  watch: /^-[dn]$/,
  caffeinate: /^-[tw]$/,
  unbuffer: /^$/,
  cross: /^$/,
  "cross-env": /^$/,
  dotenv: /^-[ec]$/,
  sudo: /^-[ughpCrtT]$/,
  doas: /^-[uC]$/,
  npx: /^(?:-p|--package)$/,
  pnpx: /^$/,
  bunx: /^$/,
  uvx: /^--from$/,
  pipx: /^$/,
};

/** The same behind a word of theirs: `poetry run …`. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  poetry: /^run$/,
  pipenv: /^run$/,
  uv: /^run$/,
  pdm: /^run$/,
  hatch: /^run$/,
  rye: /^run$/,
  bundle: /^exec$/,
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  bun: /^x$/,
  conda: /^run$/,
  git: /^submodule$/,
};

const SHELLS = /^(?:sh|bash|zsh|dash|ksh|fish|ash|csh|tcsh)$/;

/** Clients of databases: how they are given SQL, and whose it is. */
const CLIENTS: Readonly<
  Record<string, { readonly option: RegExp; readonly dialect: SqlDialect; readonly positional: boolean }>
> = {
  psql: { option: /^(?:-[A-Za-z]*c|--command)$/, dialect: "postgresql", positional: false },
  mysql: { option: /^(?:-e|--execute)$/, dialect: "mysql", positional: false },
  mariadb: { option: /^(?:-e|--execute)$/, dialect: "mysql", positional: false },
  sqlite3: { option: /^-cmd$/, dialect: "sqlite", positional: true },
  duckdb: { option: /^(?:-c|-s|-cmd)$/, dialect: "sqlite", positional: true },
};

/** What in a command asks for a person whatever is set. What cannot be read counts as a danger. */
export async function commandDangers(
  argv: readonly string[],
  parser: PostgresParser,
): Promise<readonly Danger[]> {
  const found = await dangersOf(argv, parser, 0);
  return [...new Map(found.map((danger) => [danger.what, danger])).values()];
}

/** The same of a text for a shell. */
export async function shellDangers(text: string, parser: PostgresParser): Promise<readonly Danger[]> {
  const found = await textDangers(text, parser, 0);
  return [...new Map(found.map((danger) => [danger.what, danger])).values()];
}

async function textDangers(text: string, parser: PostgresParser, depth: number): Promise<readonly Danger[]> {
  const { commands, unclear } = shellCommands(text);
  const found: Danger[] = unclear.map((what) => ({ name: "not-understood", what: `It has ${what}.` }));
  for (const argv of commands) found.push(...(await dangersOf(argv, parser, depth)));
  return found;
}

async function dangersOf(
  argv: readonly string[],
  parser: PostgresParser,
  depth: number,
): Promise<readonly Danger[]> {
  if (depth > DEEPEST) return [{ name: "not-understood", what: "Commands stand in commands too deep." }];
  const words = withoutAssignments(argv);
  const [first, ...args] = words;
  if (first === undefined) return [];
  const program = programName(first);
  // A word with spaces is one word: a message that speaks of pushing is no push.
  const line = args.map((word) => word.replaceAll(/\s/g, "\u00a0")).join(" ");
  const found: Danger[] = [
    ...COMMAND_RULES.filter((rule) => rule.program.test(program) && (!rule.args || rule.args.test(line))).map(
      ({ danger }) => danger,
    ),
    ...placeDangers(argv),
    ...(words.length < argv.length && argv.slice(0, argv.length - words.length).some(isLoader)
      ? [{ name: "environment", what: "It sets a variable that makes programs load something." }]
      : []),
  ];
  if (SHELLS.test(program)) found.push(...(await shellArguments(args, parser, depth)));
  const wrapped = wrappedCommand(program, args);
  if (wrapped) found.push(...(await dangersOf(wrapped, parser, depth + 1)));
  const module = /^(?:python[\d.]*|py|pypy\d?)$/.test(program) ? args.indexOf("-m") : -1;
  if (module >= 0) found.push(...(await dangersOf(args.slice(module + 1), parser, depth + 1)));
  const client = Object.hasOwn(CLIENTS, program) ? CLIENTS[program] : undefined;
  if (client) found.push(...(await clientDangers(args, client, parser)));
  return found;
}

/** `/usr/bin/RM.exe` is `rm`. */
function programName(word: string): string {
  const name = word.split(/[\\/]/).at(-1) ?? word;
  return name.toLowerCase().replace(/\.(?:exe|cmd|bat|com|ps1)$/, "");
}

function withoutAssignments(argv: readonly string[]): readonly string[] {
  const start = argv.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  return start === -1 ? [] : argv.slice(start);
}

function isLoader(word: string): boolean {
  return /^(?:LD_\w+|DYLD_\w+|NODE_OPTIONS|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|RUBYOPT|GIT_\w+|BASH_ENV|ENV|PATH|IFS|PS4|PROMPT_COMMAND|EDITOR|VISUAL|PAGER|\w*_PROXY)=/i.test(
    word,
  );
}

/** A path outside the workspace, or one that names a secret. */
function placeDangers(argv: readonly string[]): readonly Danger[] {
  const found: Danger[] = [];
  for (const [at, word] of argv.entries()) {
    const value = word.replace(/^-{1,2}[\w-]+=/, "").replace(/^[A-Za-z_]\w*=/, "");
    if (value.split(/[\s:;,@=]+/).some((part) => part !== "" && holdsSecrets(part.replaceAll("\\", "/"))))
      found.push({ name: "secret-file", what: `It names ${value}, which may hold secrets.` });
    // The program itself may lie anywhere.
    if (at === 0) continue;
    const leads = /^(?:\/|~|[A-Za-z]:[\\/]|\\\\)/.test(value) || /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value);
    if (leads && !/^\/(?:\w*\/)?$/.test(value.replace(/^\/dev\/null$/, "/")))
      found.push({ name: "outside", what: `It names ${value}, outside the workspace.` });
    else if (value === "/" || value === "/.")
      found.push({ name: "outside", what: "It names the root of the machine." });
  }
  return found;
}

async function shellArguments(
  args: readonly string[],
  parser: PostgresParser,
  depth: number,
): Promise<readonly Danger[]> {
  const at = args.findIndex((word) => /^-[A-Za-z]*c[A-Za-z]*$/.test(word));
  const text = at === -1 ? undefined : args[at + 1];
  if (text !== undefined) return await textDangers(text, parser, depth + 1);
  const script = args.find((word) => !word.startsWith("-"));
  if (script !== undefined) return [];
  return [{ name: "not-understood", what: "It runs a shell that reads its commands from elsewhere." }];
}

/** The command that another one runs; null when there is none. */
function wrappedCommand(program: string, args: readonly string[]): readonly string[] | null {
  const runner = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (runner && args[0] !== undefined && runner.test(args[0])) return afterOptions(args.slice(1), /^$/);
  const takesValue = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined;
  if (!takesValue) return null;
  const rest = afterOptions(args, takesValue);
  // `timeout 5 rm`, `xargs`, `parallel`: a number before the command is not the command.
  return rest[0] !== undefined && /^[\d.]+[smhd]?$/.test(rest[0]) ? rest.slice(1) : rest;
}

function afterOptions(args: readonly string[], takesValue: RegExp): readonly string[] {
  let at = 0;
  for (let word = args[at]; word?.startsWith("-"); word = args[at]) at += takesValue.test(word) ? 2 : 1;
  return args.slice(at);
}

async function clientDangers(
  args: readonly string[],
  client: (typeof CLIENTS)[string],
  parser: PostgresParser,
): Promise<readonly Danger[]> {
  const texts: string[] = [];
  for (const [at, word] of args.entries()) {
    const joined = /^--(?:command|execute)=([\s\S]*)$/.exec(word)?.[1] ?? /^-e([\s\S]+)$/.exec(word)?.[1];
    if (joined !== undefined) texts.push(joined);
    else if (client.option.test(word)) texts.push(args[at + 1] ?? "");
  }
  if (client.positional) {
    const [, ...words] = args.filter((word) => !word.startsWith("-"));
    texts.push(...words);
  }
  if (texts.length === 0 || args.some((word) => /^(?:-f|--file|-init|--init-command)/.test(word)))
    return [{ name: "database", what: "It gives a database statements that are not shown here." }];
  const found: Danger[] = [];
  for (const text of texts) found.push(...(await sqlDangers(text, client.dialect, parser)));
  return found;
}
