import type { Dialect } from "../node/dialect.ts";

/** Fastify's instances and their types. What is registered on them has rules of its own: see the walk beside this. */
export const fastifyDialect: Dialect = {
  id: "fastify",
  title: "Fastify",
  makes({ module, name }) {
    return module === "fastify" && /^(?:default|\*|fastify|Fastify)$/.test(name)
      ? { kind: "app", prefix: null }
      : null;
  },
  isRouterType({ module, name }) {
    return module === "fastify" && /^Fastify\w*Instance$/.test(name);
  },
  steps: () => [],
  join: joinFastify,
  covers: () => true,
};

/** Fastify puts prefix and path together as they are; "/" below a prefix is the prefix itself. */
export function joinFastify(prefix: string, path: string): string {
  if (path === "" || path === "/") return prefix === "" ? "/" : prefix;
  const start = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return `${start}${path.startsWith("/") ? "" : "/"}${path}`;
}
