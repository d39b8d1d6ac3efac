import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import { moduleNames } from "../../languages/typescript/name-resolution.ts";
import { usesOf } from "../../languages/typescript/name-uses.ts";
import { type ClientNames, clientNames, clientText, looksLikeClient } from "./clients.ts";
import type { ArgumentShape, DelegateCall, PrismaFacts, RawCall } from "./facts.ts";
import { COMMON_OPERATIONS, PRISMA_OPERATIONS } from "./operations.ts";
import { rawSql } from "./raw-sql.ts";

const RAW_METHOD = /^\$(?:queryRaw|executeRaw)(?:Unsafe|Typed)?$/;
const SHAPE_KEYS = new Set([
  "include",
  "select",
  "where",
  "data",
  "orderBy",
  "create",
  "update",
  "by",
  "connect",
]);

/** What a TypeScript file does with a Prisma client; null when it does nothing with one and re-exports nothing. */
export function extractCode(module: TypeScriptModule): PrismaFacts | null {
  const names = clientNames(module);
  const calls: DelegateCall[] = [];
  const raw: RawCall[] = [];
  for (const call of module.calls) {
    const delegate = delegateCall(module, call, names);
    if (delegate) calls.push(delegate);
    const sql = rawCall(module, call);
    if (sql) raw.push(sql);
  }
  const imported = new Set(module.imports.map((entry) => entry.alias));
  // A model's type comes from a client by import; `prisma.user` may come from anywhere.
  const types = usesOf(
    module,
    ({ name }) => imported.has(name.split(".", 1)[0] ?? "") || /^[a-z_$][\w$]*\./.test(name),
  );
  const boundary = moduleNames(module);
  const passesOn = boundary.exports.some(([, , from]) => from !== null) || types.length > 0;
  if (calls.length === 0 && raw.length === 0 && !passesOn) return null;
  return { kind: "code", names: boundary, calls, raw, types };
}

/** A call of an operation on what may be a delegate of a Prisma client; null for any other call. */
export function delegateCall(
  module: TypeScriptModule,
  call: TypeScriptCall,
  names: ClientNames,
): DelegateCall | null {
  const { expression } = call;
  if (expression.k !== "call" || expression.callee.k !== "member") return null;
  const operation = expression.callee.name;
  if (!PRISMA_OPERATIONS.has(operation)) return null;
  const path = delegatePath(expression.callee.of, names);
  if (!path) return null;
  const [client, delegate] = path;
  const known = names.clients.has(client);
  // Operations that every repository has need a receiver that looks like a client; `db.query.x` is another library's.
  if (!known && !looksLikeClient(client) && (COMMON_OPERATIONS.has(operation) || client === "this"))
    return null;
  if (!known && client.endsWith("query")) return null;
  const argument = expression.args[0]?.value ?? null;
  const text = module.lines.slice(expression.span);
  return {
    client,
    known,
    delegate,
    operation,
    shape: argument ? shapeOf(argument) : {},
    approximate: approximation(argument),
    within: call.within,
    text,
    line: module.lines.line(expression.callee.of.span[2]),
    delegateSpan: expression.callee.of.span,
    delegateHash: hashText(module.lines.slice(expression.callee.of.span)),
    nameSpan: endOf(expression.callee.span, operation.length),
    span: expression.span,
    hash: hashText(text),
  };
}

/** `prisma` and `user` of `prisma.user`, also through a name that the delegate was given. */
function delegatePath(
  of: Expression,
  names: ClientNames,
): readonly [client: string, delegate: string] | null {
  if (of.k === "member") {
    const written = dottedName(of);
    if (written === null || !names.delegates.has(written)) {
      const client = clientText(of.of);
      return client === null ? null : [client, of.name];
    }
  }
  const path = names.delegates.get(dottedName(of) ?? "");
  if (path === undefined) return null;
  const dot = path.lastIndexOf(".");
  return [path.slice(0, dot), path.slice(dot + 1)];
}

/** A call that hands SQL to a Prisma client; null for any other call. */
export function rawCall(module: TypeScriptModule, call: TypeScriptCall): RawCall | null {
  const { expression } = call;
  const callee = expression.k === "call" ? expression.callee : expression.tag;
  if (callee.k !== "member" || !RAW_METHOD.test(callee.name)) return null;
  const text = module.lines.slice(expression.span);
  return {
    method: callee.name,
    ...rawSql(module, expression, call.scope),
    within: call.within,
    text,
    line: module.lines.line(expression.span[0]),
    nameSpan: endOf(callee.span, callee.name.length),
    span: expression.span,
    hash: hashText(text),
  };
}

/** The last `length` characters of a span, which are on its last line. */
function endOf(span: DelegateCall["span"], length: number): DelegateCall["span"] {
  return [span[2], span[3] - length, span[2], span[3]];
}

function shapeOf(value: Expression): ArgumentShape {
  if (value.k !== "dict") return {};
  const shape: Record<string, ArgumentShape> = {};
  for (const [key, entry] of value.entries) {
    // Leaves matter only as names of relations: the tree is cut where it says nothing about them.
    if (key.k === "string" && (entry.k === "dict" || isPicked(entry) || SHAPE_KEYS.has(key.value))) {
      shape[key.value] = entry.k === "list" ? shapeOf(entry.items[0] ?? entry) : shapeOf(entry);
    }
  }
  return shape;
}

function isPicked(value: Expression): boolean {
  return value.k === "list" || (value.k === "name" && value.value === "true");
}

function approximation(argument: Expression | null): string | null {
  if (!argument) return null;
  if (argument.k !== "dict")
    return `the argument is \`${argument.k === "name" ? argument.value : "…"}\`, not written out`;
  for (const [key, value] of argument.entries) {
    if (key.k === "name" && key.value === "...") return "the argument is spread from another value";
    if (key.k !== "string") continue;
    if (["where", "select", "include", "orderBy", "by"].includes(key.value) && isOpen(value)) {
      return `\`${key.value}\` is not written out`;
    }
    if (key.value === "where" && hasSpread(value)) return "`where` is spread from another value";
  }
  return null;
}

function isOpen(value: Expression): boolean {
  return !["dict", "list", "string", "number"].includes(value.k);
}

function hasSpread(value: Expression): boolean {
  return value.k === "dict" && value.entries.some(([key, entry]) => key.k === "name" || hasSpread(entry));
}
