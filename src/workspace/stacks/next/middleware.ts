import type { Guard } from "../../ir/route.ts";
import type { Expression } from "../../languages/expression.ts";
import { rangeOf } from "../../source.ts";
import type { CodeFact } from "../node/facts.ts";
import type { Program } from "../node/program.ts";
import { textsOf } from "../node/texts.ts";

/** The middleware of one project: what it is called and which paths it runs for. */
export interface Middleware {
  readonly project: string;
  readonly guard: Guard;
  readonly matches: (path: string) => boolean;
}

/** What a `middleware.ts` or `proxy.ts` of a project says; null when it exports no middleware. */
export function middlewareOf(
  program: Program,
  uri: string,
  fact: CodeFact,
  project: string,
): Middleware | null {
  const exported = ["middleware", "proxy", "default"].flatMap(
    (name) => fact.exported.find((entry) => entry.name === name) ?? [],
  )[0];
  if (!exported) return null;
  const origin = program.resolver.resolveExport(uri, exported.name);
  // next-auth's own middleware turns away who has no session; another one decides by path, in code.
  const turnsAway = origin?.kind === "package" && origin.module === "next-auth/middleware";
  const name =
    origin?.kind === "package" ? origin.module : exported.name === "default" ? "middleware" : exported.name;
  return {
    project,
    guard: {
      name,
      kind: turnsAway ? "authentication" : "middleware",
      effect: turnsAway ? "require" : "unknown",
      scope: "global",
      source: { uri, range: rangeOf(exported.span), hash: exported.hash },
    },
    matches: matcherOf(program, uri),
  };
}

function matcherOf(program: Program, uri: string): (path: string) => boolean {
  const config: Expression = { k: "name", value: "config", span: [0, 0, 0, 0] };
  const matcher = program.dictProperty({ uri, scope: -1, value: config }, "matcher");
  if (!matcher) return () => true;
  const items = matcher.value.k === "list" ? matcher.value.items : [matcher.value];
  const patterns = items.flatMap((item) => {
    const source = item.k === "dict" ? program.property({ ...matcher, value: item }, "source")?.value : item;
    const texts = source ? textsOf(program, matcher.uri, matcher.scope, source) : [];
    return texts.flatMap(({ text, unknown }) => (unknown === null ? (patternOf(text) ?? []) : []));
  });
  return (path) => patterns.some((pattern) => pattern.test(samplePath(path)));
}

/** A path of a request for a path of a route. */
function samplePath(path: string): string {
  return path.replace(/\[\[?\.\.\.[^\]]+\]\]?/g, "x/x").replace(/\[[^\]]+\]/g, "x");
}

/** `/dashboard/:path*`, `/((?!api|_next).*)`: the notation of path-to-regexp that Next.js takes. */
function patternOf(text: string): RegExp | null {
  let source = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const named = /^\/?:(\w+)(\((?:[^()]|\([^()]*\))*\))?([*+?])?/.exec(rest);
    const group = /^\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)[*+?]?/.exec(rest);
    if (named && (rest.startsWith(":") || rest.startsWith("/:"))) {
      const inner = named[2] ?? "([^/]+?)";
      const slash = rest.startsWith("/") ? "/" : "";
      const many = `${slash}${inner}(?:/${inner})*`;
      source +=
        named[3] === "*"
          ? `(?:${many})?`
          : named[3] === "+"
            ? many
            : named[3] === "?"
              ? `(?:${slash}${inner})?`
              : `${slash}${inner}`;
      at += named[0].length;
    } else if (group) {
      source += group[0];
      at += group[0].length;
    } else {
      source += (text[at] ?? "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      at++;
    }
  }
  try {
    return new RegExp(`^${source}/?$`);
  } catch {
    return null;
  }
}
