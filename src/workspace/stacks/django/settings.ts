import type { SqlDialect } from "../../ir/query.ts";
import type { Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  calledName,
  listItems,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import { compareText, type SourceRef } from "../../source.ts";
import type { DjangoProject } from "./project.ts";
import { constantOf, type Written } from "./values.ts";

/** One settings module; values are read through its star imports. */
export interface Settings {
  readonly uri: string;
  /** Folder of the project that these settings are for. */
  readonly folder: string;
}

/** Settings modules of the workspace, the most specific folder first, what `manage.py` names before what others name. */
export function findSettings(project: DjangoProject): readonly Settings[] {
  const found = new Map<string, Settings & { rank: number }>();
  const add = (uri: string, folder: string, rank: number) => {
    const known = found.get(uri);
    if (!known || known.rank < rank) found.set(uri, { uri, folder, rank });
  };
  for (const [uri, { settingsModule }] of project.facts) {
    const module = settingsModule ? project.names.module(settingsModule, uri) : null;
    if (module?.uri) add(module.uri, folderOf(uri, /(^|\/)manage\.py$/.test(uri) ? 0 : 1), rankOf(uri));
  }
  if (found.size === 0) {
    for (const [uri, { assignments }] of project.facts) {
      const targets = new Set(assignments.map((item) => item.target));
      if (targets.has("ROOT_URLCONF")) add(uri, folderOf(uri, 1), /test/.test(uri) ? 1 : 2);
      else if (targets.has("INSTALLED_APPS")) add(uri, folderOf(uri, 1), 0);
    }
  }
  return [...found.values()]
    .sort((a, b) => b.folder.length - a.folder.length || b.rank - a.rank || compareText(a.uri, b.uri))
    .map(({ uri, folder }) => ({ uri, folder }));
}

function rankOf(uri: string): number {
  if (/(^|\/)manage\.py$/.test(uri)) return 9;
  return /(^|\/)(wsgi|asgi)\.py$/.test(uri) ? 5 : 3;
}

function folderOf(uri: string, up: number): string {
  return uri
    .split("/")
    .slice(0, -1 - up)
    .join("/");
}

/** A setting as written, with where; null when it is not set. */
export function setting(
  project: DjangoProject,
  settings: Settings | null,
  name: string,
): (Written & { readonly source: SourceRef }) | null {
  if (!settings) return null;
  const resolved = project.names.resolve(settings.uri, name);
  if (resolved?.kind !== "definition") return null;
  const assignment = project.assignment(resolved.uri, resolved.name);
  if (!assignment?.value) return null;
  return {
    uri: resolved.uri,
    scope: "",
    expression: assignment.value,
    source: project.sourceOf(resolved.uri, assignment.span, assignment.hash),
  };
}

export function stringSetting(
  project: DjangoProject,
  settings: Settings | null,
  name: string,
): string | null {
  const value = setting(project, settings, name);
  return value && stringValue(constantOf(project, value).expression);
}

/** What a setting is when the environment does not set it: the default of `getattr`, `os.environ.get`, `config`, `env`. */
export function defaultSetting(
  project: DjangoProject,
  settings: Settings | null,
  name: string,
): string | null {
  const value = setting(project, settings, name);
  for (const item of (value && project.facts.get(value.uri)?.assignments) || []) {
    const text = item.target === name && item.value ? defaultIn(item.value) : null;
    if (text !== null) return text;
  }
  return null;
}

function defaultIn(expression: Expression): string | null {
  if (expression.k !== "call") return null;
  const called = calledName(expression) ?? "";
  if (/^(getattr|get|getenv|config|env|str)$/.test(called)) {
    const given =
      argumentOf(expression, "default") ??
      positionalArguments(expression)[called === "getattr" ? 2 : 1] ??
      null;
    if (stringValue(given) !== null) return stringValue(given);
  }
  for (const argument of positionalArguments(expression)) {
    const text = defaultIn(argument);
    if (text !== null) return text;
  }
  return null;
}

/** Strings of a list setting, through `+`, `+=`, `*unpacking` and names. */
export function listSetting(
  project: DjangoProject,
  settings: Settings | null,
  name: string,
): readonly string[] {
  const value = setting(project, settings, name);
  const items = value ? flatten(project, value, 0) : [];
  const files = new Set([value?.uri, settings?.uri]);
  for (const uri of files) {
    for (const item of (uri && project.facts.get(uri)?.assignments) || []) {
      if (item.target !== name || item.operator !== "+=" || !item.value || !uri) continue;
      items.push(...flatten(project, { uri, scope: "", expression: item.value }, 0));
    }
  }
  return items.flatMap(({ expression }) => stringValue(expression) ?? []);
}

/** Items of a list put together from other lists, each with the file it is written in. */
export function flatten(project: DjangoProject, written: Written, depth: number): Written[] {
  const { expression } = written;
  if (depth > 12) return [];
  const inner = (part: Expression) => flatten(project, { ...written, expression: part }, depth + 1);
  if (expression.k === "binary" && expression.op === "+" && expression.left) {
    return [...inner(expression.left), ...inner(expression.right)];
  }
  const items = listItems(expression);
  if (items) {
    return items.flatMap((item) =>
      item.k === "binary" && item.op === "*" && !item.left
        ? inner(item.right)
        : [{ ...written, expression: item }],
    );
  }
  const constant = constantOf(project, written);
  if (constant === written || constant.expression.k === "name") return [];
  return flatten(project, constant, depth + 1);
}

/** `REST_FRAMEWORK["KEY"]`, with the place of the whole setting. */
export function dictSetting(
  project: DjangoProject,
  settings: Settings | null,
  name: string,
  key: string,
): (Written & { readonly source: SourceRef }) | null {
  const value = setting(project, settings, name);
  if (!value) return null;
  const constant = constantOf(project, value);
  if (constant.expression.k !== "dict") return null;
  const entry = constant.expression.entries.find(([each]) => stringValue(each) === key);
  return entry ? { ...constant, expression: entry[1], source: value.source } : null;
}

/** The SQL dialect of the default database. */
export function dialectOf(project: DjangoProject, settings: Settings | null): SqlDialect {
  const databases = dictSetting(project, settings, "DATABASES", "default");
  const options = databases && constantOf(project, databases);
  if (options?.expression.k !== "dict") return "unknown";
  const engine = options.expression.entries.find(([key]) => stringValue(key) === "ENGINE")?.[1];
  const name =
    (engine && stringValue(constantOf(project, { ...options, expression: engine }).expression)) ?? "";
  if (/postgres|postgis|psycopg|cockroach/.test(name)) return "postgresql";
  if (/mysql|maria/.test(name)) return "mysql";
  return /sqlite|spatialite/.test(name) ? "sqlite" : "unknown";
}
