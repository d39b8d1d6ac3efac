/** What tsconfig.json and package.json say about where modules are. JSON, to be kept in a stack's facts. */
export type ProjectConfig =
  | {
      readonly kind: "tsconfig";
      readonly extends: readonly string[];
      readonly baseUrl: string | null;
      readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
    }
  | {
      readonly kind: "package";
      readonly name: string;
      /** Files that may be the package's entry, relative to its folder. */
      readonly entries: readonly string[];
      readonly imports: readonly (readonly [pattern: string, targets: readonly string[]])[];
    };

/** A configuration with its paths made relative to the workspace folder. */
export interface PathMapping {
  readonly folder: string;
  readonly baseUrl: string | null;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

const CONFIG_FILE = /(?:^|\/)(?:[tj]sconfig(?:\.[\w-]+)*\.json|package\.json)$/;

/** The configuration in a file; null for another file or for one that cannot be read. */
export function readProjectConfig(uri: string, text: string): ProjectConfig | null {
  if (!CONFIG_FILE.test(uri)) return null;
  const json = record(parseJsonWithComments(text));
  if (!json) return null;
  return /(?:^|\/)package\.json$/.test(uri) ? packageConfig(json) : tsconfig(json);
}

/** What stands for the `*` of a pattern; "" for a pattern without one; null when it does not match. */
export function matchPattern(pattern: string, specifier: string): string | null {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === specifier ? "" : null;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  if (specifier.length < before.length + after.length) return null;
  if (!specifier.startsWith(before) || !specifier.endsWith(after)) return null;
  return specifier.slice(before.length, specifier.length - after.length);
}

function tsconfig(json: Readonly<Record<string, unknown>>): ProjectConfig {
  const options = record(json.compilerOptions) ?? {};
  return {
    kind: "tsconfig",
    extends: strings(json.extends),
    baseUrl: typeof options.baseUrl === "string" ? options.baseUrl : null,
    paths: Object.entries(record(options.paths) ?? {}).map(([pattern, targets]) => [
      pattern,
      strings(targets),
    ]),
  };
}

function packageConfig(json: Readonly<Record<string, unknown>>): ProjectConfig {
  const root = record(json.exports)?.["."] ?? json.exports;
  return {
    kind: "package",
    name: typeof json.name === "string" ? json.name : "",
    entries: [...leaves(root), ...[json.source, json.types, json.main, json.module].flatMap(strings)],
    imports: Object.entries(record(json.imports) ?? {}).map(([pattern, targets]) => [
      pattern,
      leaves(targets),
    ]),
  };
}

/** The files named by conditional exports, in order. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Object.values(record(value) ?? {}).flatMap(leaves);
}

function strings(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === "string");
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** JSON with comments and trailing commas, as tsconfig.json is written; null when it cannot be read. */
function parseJsonWithComments(text: string): unknown {
  const plain = text
    .replace(/^\uFEFF/, "")
    .replace(
      /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_, literal: string | undefined) => literal ?? "",
    )
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, literal: string | undefined) => literal ?? "");
  try {
    return JSON.parse(plain);
  } catch {
    return null;
  }
}
