import type { LanguageId } from "../stacks/stack.ts";

const BY_EXTENSION: Readonly<Record<string, LanguageId>> = {
  py: "python",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  js: "typescript",
  jsx: "typescript",
  mjs: "typescript",
  cjs: "typescript",
  prisma: "prisma",
  sql: "sql",
  rb: "ruby",
  php: "php",
  json: "json",
  toml: "toml",
};

/** The language of a file by its name; null when no stack could read it. */
export function languageOf(name: string): LanguageId | null {
  const at = name.lastIndexOf(".");
  return at <= 0 ? null : (BY_EXTENSION[name.slice(at + 1).toLowerCase()] ?? null);
}
