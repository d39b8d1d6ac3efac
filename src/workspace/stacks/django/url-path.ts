import type { RouteParameter } from "../../ir/route.ts";

/** Joins a mount and what stands under it; a slash is not added, as Django adds none. */
export function joinPaths(prefix: string, path: string): string {
  return prefix.endsWith("/") && path.startsWith("/") ? prefix + path.slice(1) : prefix + path;
}

/** A regular expression of a route as a person reads it: named groups become `<name>`, anchors go. */
export function readableRegex(pattern: string): string {
  let result = "";
  let at = /^\^*/.exec(pattern)?.[0].length ?? 0;
  while (at < pattern.length) {
    if (pattern[at] === "(") {
      const end = closingOf(pattern, at);
      const group = pattern.slice(at, end + 1);
      const name = /^\(\?P<(\w+)>/.exec(group)?.[1];
      const optional = pattern[end + 1] === "?" ? "?" : "";
      if (name) result += `<${name}>${optional}`;
      else if (/^\(\?:/.test(group))
        result +=
          optional || /[|]/.test(group)
            ? `(${readableRegex(group.slice(3, -1))})${optional}`
            : readableRegex(group.slice(3, -1));
      else if (!/^\(\?[=!<]/.test(group)) result += `(${group.slice(1, -1)})${optional}`;
      at = end + 1 + optional.length;
      continue;
    }
    if (pattern[at] === "\\" && at + 1 < pattern.length) {
      const next = pattern[at + 1] ?? "";
      result += /[AZz]/.test(next) ? "" : /\w/.test(next) ? `\\${next}` : next;
      at += 2;
      continue;
    }
    if (pattern[at] !== "$" || at < pattern.length - 1) result += pattern[at];
    at++;
  }
  return result;
}

function closingOf(pattern: string, open: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "(" && !inClass) depth++;
    else if (char === ")" && !inClass && --depth === 0) return at;
  }
  return pattern.length - 1;
}

/** Parameters that a path holds, with the converter as their type. */
export function pathParameters(path: string): readonly RouteParameter[] {
  return [...path.matchAll(/<(?:(\w+):)?(\w+)>(\?)?/g)].map(([, type, name, optional]) => ({
    name: name ?? "",
    in: "path",
    type: type ?? null,
    required: optional === undefined,
  }));
}
