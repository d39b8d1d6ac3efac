import type { Expression } from "../../languages/expression.ts";
import { folderOf, joinPath } from "../../languages/typescript/module-location.ts";
import type { PlacedExpression, Program } from "../node/program.ts";
import { textsOf } from "../node/texts.ts";
import { isTrue } from "./plugin.ts";

/** A file that @fastify/autoload registers as a plugin. */
export interface LoadedFile {
  readonly uri: string;
  readonly prefix: string;
  /** Files whose hooks are put around it, from the outside in. */
  readonly hooks: readonly string[];
  /** `encapsulate: false`: as if each file were wrapped by fastify-plugin. */
  readonly shared: boolean;
}

interface Options {
  readonly folder: string;
  readonly prefix: string;
  readonly namesRoutes: boolean;
  readonly routeParams: boolean;
  readonly hooks: boolean;
  readonly cascades: boolean;
  readonly shared: boolean;
  readonly maxDepth: number;
  readonly ignore: RegExp | null;
}

const SCRIPT = /(?:(?:^.?|\.[^d]|[^.]d|[^.][^d])\.ts|\.js|\.cjs|\.mjs|\.cts|\.mts)$/i;
const INDEX = /^index\.(?:ts|js|cjs|mjs|cts|mts)$/i;
const HOOKS = /^[_.]?auto_?hooks\.(?:ts|js|cjs|mjs|cts|mts)$/i;

/**
 * The files that `register(AutoLoad, { dir, … })` loads with their prefixes, by the rules of @fastify/autoload 6.
 * Null where the folder is not written out.
 * @param uris files of the workspace that have facts, sorted
 */
export function autoloaded(
  program: Program,
  options: PlacedExpression,
  uris: readonly string[],
): readonly LoadedFile[] | null {
  const read = optionsOf(program, options);
  if (!read) return null;
  const files: LoadedFile[] = [];
  const below = uris.filter((uri) => uri.startsWith(`${read.folder}/`));
  visit(program, read, below, read.folder, "", 0, [], files);
  return files;
}

function visit(
  program: Program,
  options: Options,
  uris: readonly string[],
  folder: string,
  prefix: string,
  depth: number,
  outer: readonly string[],
  files: LoadedFile[],
): void {
  const own = uris.filter((uri) => folderOf(uri) === folder);
  const nameOf = (uri: string) => uri.slice(folder.length + 1);
  const hookFile = options.hooks ? own.find((uri) => HOOKS.test(nameOf(uri))) : undefined;
  const hooks = hookFile === undefined ? outer : [...outer, hookFile];
  const index = own.find((uri) => INDEX.test(nameOf(uri)));
  const loaded =
    index === undefined ? own.filter((uri) => SCRIPT.test(nameOf(uri)) && !HOOKS.test(nameOf(uri))) : [index];
  for (const uri of loaded) {
    if (index === undefined && options.ignore?.test(uri.slice(options.folder.length + 1))) continue;
    files.push({ uri, prefix: prefixOf(program, options, uri, prefix), hooks, shared: options.shared });
  }
  if (depth >= options.maxDepth) return;
  const folders = new Set(
    uris.filter((uri) => folderOf(uri) !== folder).map((uri) => nameOf(uri).split("/", 1)[0] ?? ""),
  );
  for (const name of folders) {
    const inside = `${folder}/${name}`;
    if (options.ignore?.test(inside.slice(options.folder.length + 1))) continue;
    visit(
      program,
      options,
      uris.filter((uri) => uri.startsWith(`${inside}/`)),
      inside,
      `${prefix}/${options.namesRoutes ? name : ""}`.replace(/\/{2,}/g, "/"),
      depth + 1,
      options.cascades ? hooks : [],
      files,
    );
  }
}

/** The folders give the prefix; a file may set another by `autoPrefix` or `prefixOverride`. */
function prefixOf(program: Program, options: Options, uri: string, folderPrefix: string): string {
  const override = exportedText(program, uri, "prefixOverride");
  if (override !== null) return override;
  const own = exportedText(program, uri, "autoPrefix") ?? folderPrefix;
  const whole = `${options.prefix.replace(/\/$/, "")}${own.replace(/\/+/g, "/")}`.replace(/\/$/, "");
  if (!options.routeParams) return whole;
  return whole.includes("__") ? whole.replaceAll("__", ":") : whole.replaceAll("/_", "/:");
}

function exportedText(program: Program, uri: string, name: string): string | null {
  for (const target of [name, `module.exports.${name}`, `exports.${name}`]) {
    const set = program.assigned(uri, -1, target);
    if (set?.value.k === "string") return set.value.value;
  }
  return null;
}

function optionsOf(program: Program, placed: PlacedExpression): Options | null {
  const dir = program.dictProperty(placed, "dir");
  const folder = dir && folderText(program, dir, 0);
  if (folder === null) return null;
  const flag = (name: string) => isTrue(program.dictProperty(placed, name)?.value);
  const isFalse = (name: string) => {
    const value = program.dictProperty(placed, name)?.value;
    return value?.k === "name" && value.value === "false";
  };
  const inner = program.dictProperty(placed, "options");
  const prefix = inner && program.dictProperty(inner, "prefix");
  const text = prefix ? textsOf(program, prefix.uri, prefix.scope, prefix.value)[0] : undefined;
  const depth = program.dictProperty(placed, "maxDepth")?.value;
  return {
    folder,
    prefix: text?.text ?? "",
    namesRoutes: !isFalse("dirNameRoutePrefix"),
    routeParams: flag("routeParams"),
    hooks: flag("autoHooks"),
    cascades: flag("cascadeHooks"),
    shared: isFalse("encapsulate"),
    maxDepth: depth?.k === "number" ? Number(depth.value) : Number.POSITIVE_INFINITY,
    ignore: patternOf(program.dictProperty(placed, "ignorePattern")?.value),
  };
}

function patternOf(value: Expression | undefined): RegExp | null {
  const text =
    value?.k === "string"
      ? value.value
      : value?.k === "other"
        ? /^\/(.*)\/\w*$/s.exec(value.text)?.[1]
        : null;
  if (!text) return null;
  try {
    return new RegExp(text);
  } catch {
    return null;
  }
}

/** The folder that `path.join(__dirname, "routes")` and its relatives name, relative to the workspace. */
function folderText(program: Program, placed: PlacedExpression, depth: number): string | null {
  const { uri, scope, value } = placed;
  if (depth > 6) return null;
  const inside = (part: Expression) => folderText(program, { uri, scope, value: part }, depth + 1);
  switch (value.k) {
    case "name":
      if (value.value === "__dirname") return folderOf(uri);
      break;
    case "member":
      if (value.name === "dirname" && value.of.k === "other" && value.of.text === "import.meta")
        return folderOf(uri);
      break;
    case "binary": {
      const left = value.op === "+" && value.left ? inside(value.left) : null;
      return left !== null && value.right.k === "string" ? joinPath(left, value.right.value) : null;
    }
    case "template": {
      const [first, second] = value.parts ?? [];
      const start = first ? inside(first) : null;
      return start !== null && second?.k === "string" && value.parts?.length === 2
        ? joinPath(start, second.value)
        : null;
    }
    case "call": {
      const args = value.args.map((argument) => argument.value);
      const name =
        value.callee.k === "member" ? value.callee.name : value.callee.k === "name" ? value.callee.value : "";
      const [first] = args;
      if (!first) return null;
      if (name === "fileURLToPath") return inside(first);
      if (name === "dirname") return isModuleUrl(first) || inside(first) !== null ? folderOf(uri) : null;
      // `new URL("./routes", import.meta.url)`
      if (name === "URL") return first.k === "string" ? joinPath(folderOf(uri), first.value) : null;
      if (name !== "join" && name !== "resolve") return null;
      const rest = args.slice(1).map((part) => (part.k === "string" ? part.value : null));
      const start = inside(first);
      return start === null || rest.includes(null) ? null : joinPath(start, rest.join("/"));
    }
    default:
      return null;
  }
  const set = program.setting(placed);
  return set && folderText(program, set, depth + 1);
}

/** `fileURLToPath(import.meta.url)`, `import.meta.url`, `__filename`. */
function isModuleUrl(value: Expression): boolean {
  if (value.k === "call") return value.args[0] !== undefined && isModuleUrl(value.args[0].value);
  if (value.k === "name") return /^_*filename$/i.test(value.value);
  return value.k === "member" && value.of.k === "other" && /^(?:url|filename)$/.test(value.name);
}
