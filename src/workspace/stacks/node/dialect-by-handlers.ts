import { expressDialect } from "../express/dialect.ts";
import { fastifyDialect } from "../fastify/dialect.ts";
import { honoDialect } from "../hono/dialect.ts";
import { koaDialect } from "../koa/dialect.ts";
import type { Dialect } from "./dialect.ts";
import type { PlacedEntry } from "./routers.ts";

/** Every framework whose apps are put together by calls. */
export const DIALECTS: readonly Dialect[] = [expressDialect, koaDialect, honoDialect, fastifyDialect];

const SIGNS: readonly (readonly [RegExp, Dialect])[] = [
  [/^_?(?:req(?:uest)?|_+),_?res(?:ponse)?\b/, expressDialect],
  [/^_*(?:req(?:uest)?)?,_?reply\b/, fastifyDialect],
  [/^_?(?:ctx|context)(?:,|$)/, koaDialect],
  [/^c(?:,|$)/, honoDialect],
];

/** The framework that handlers written in place are for, by what they call their parameters; null when nothing shows it. */
export function dialectByHandlers(entries: readonly PlacedEntry[]): Dialect | null {
  for (const { entry } of entries) {
    for (const value of entry.args) {
      const handler = value.k === "call" ? value.args.at(-1)?.value : value;
      if (handler?.k !== "function") continue;
      const names = handler.parameters.map((parameter) => /^[\w$]+/.exec(parameter)?.[0] ?? "").join();
      const sign = SIGNS.find(([pattern]) => pattern.test(names));
      if (sign) return sign[1];
    }
  }
  return null;
}
