import type { Dialect, PackageOrigin } from "./dialect.ts";
import type { Program } from "./program.ts";

/** The framework whose app or router a type is; null for any other type. */
export function dialectOfType(
  program: Program,
  dialects: readonly Dialect[],
  uri: string,
  type: string,
): Dialect | null {
  const named = typeOf(program, uri, type);
  return named && (dialects.find((dialect) => dialect.isRouterType(named)) ?? null);
}

/** A type that stands for a whole app: nothing stands before what is registered on it. */
export function isAppType(program: Program, uri: string, type: string): boolean {
  const named = typeOf(program, uri, type);
  if (named?.module === "koa") return /^(?:default|\*)$/.test(named.name);
  return named?.module === "express" && /^(?:Express|Application)$/.test(named.name);
}

/** A type of the workspace that is called like a router: `ManagementApiRouter`, `FastifyZodInstance`. */
export function isRouterTypeName(type: string): boolean {
  return /(?:Router|Fastify\w*|FastifyInstance|App|Hono)(?:<.*>)?$/s.test(type);
}

/** A type as its package exports it: `express.Application`, `Koa`. */
function typeOf(program: Program, uri: string, type: string): PackageOrigin | null {
  const [, root = "", member] = /^([\w$]+)(?:\.([\w$]+))?(?:<.*>)?$/s.exec(type) ?? [];
  const origin = root === "" ? null : program.resolver.resolve(uri, root);
  if (origin?.kind !== "package") return null;
  return member === undefined ? origin : { ...origin, name: member };
}
