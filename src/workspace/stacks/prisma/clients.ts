import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";

const CLIENT_TYPE = /\bPrisma\w*(?:Client|Service)\b|\b(?:Prisma\.)?TransactionClient\b/;

/** Names in a file that hold a Prisma client, and names that hold one of its delegates. */
export interface ClientNames {
  /** `prisma`, `this.prisma`, the parameter of a `$transaction` callback. */
  readonly clients: ReadonlySet<string>;
  /** `users` for `const users = prisma.user`: the text of the delegate. */
  readonly delegates: ReadonlyMap<string, string>;
}

export function clientNames(module: TypeScriptModule): ClientNames {
  const clients = new Set<string>();
  const delegates = new Map<string, string>();
  for (const { target, value, type } of module.assignments) {
    if (createsClient(value) || (type !== null && CLIENT_TYPE.test(type))) clients.add(target);
  }
  for (const { parameters } of module.functions) {
    for (const { name, type, property } of parameters) {
      if (type === null || !CLIENT_TYPE.test(type)) continue;
      clients.add(name);
      if (property) clients.add(`this.${name}`);
    }
  }
  for (const entry of module.classes) {
    if (entry.extends && /PrismaClient$/.test(dottedName(entry.extends) ?? "")) clients.add("this");
    for (const { name, type, value } of entry.properties) {
      if ((type !== null && CLIENT_TYPE.test(type)) || (value && createsClient(value)))
        clients.add(`this.${name}`);
    }
  }
  for (const name of transactionParameters(module)) clients.add(name);
  for (const { target, value } of module.assignments) {
    const text = dottedName(value);
    if (text === null) continue;
    if (clients.has(text)) clients.add(target);
    const dot = text.lastIndexOf(".");
    if (dot > 0 && (clients.has(text.slice(0, dot)) || looksLikeClient(text.slice(0, dot))))
      delegates.set(target, text);
  }
  return { clients, delegates };
}

/** A name that people give to a Prisma client; judged by its last part. */
export function looksLikeClient(name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return /prisma/i.test(last) || /^_?(?:db|database|tx|trx|trans|transaction|client|orm)$/.test(last);
}

/** The text of what a delegate is taken from: `this.db`, either side of `tx ?? prisma`, `getClient` for `getClient(tx)`. */
export function clientText(expression: Expression): string | null {
  if (expression.k === "binary") {
    const left = expression.left && clientText(expression.left);
    return left !== null && looksLikeClient(left) ? left : clientText(expression.right);
  }
  if (expression.k === "call") {
    const handedOver = expression.args.map((argument) => clientText(argument.value));
    const callee = dottedName(expression.callee);
    if (callee === null || looksLikeClient(callee)) return callee;
    return handedOver.find((text) => text !== null && looksLikeClient(text)) ?? callee;
  }
  return dottedName(expression);
}

/** `new PrismaClient()`, also extended: `new PrismaClient().$extends(…)`, `prisma.$extends(…)`, `global.x ?? new …`. */
function createsClient(value: Expression): boolean {
  if (value.k === "binary") return createsClient(value.right);
  if (value.k === "other") return /\bnew PrismaClient\b/.test(value.text);
  if (value.k !== "call") return false;
  if (value.callee.k === "member" && value.callee.name === "$extends") return true;
  return /(?:^|\.)PrismaClient$/.test(dottedName(value.callee) ?? "");
}

function* transactionParameters(module: TypeScriptModule): Iterable<string> {
  for (const { expression } of module.calls) {
    if (expression.k !== "call" || expression.callee.k !== "member") continue;
    if (expression.callee.name !== "$transaction") continue;
    const callback = expression.args[0]?.value;
    if (callback?.k !== "function") continue;
    const name = /^[\w$]+/.exec(callback.parameters[0] ?? "")?.[0];
    if (name) yield name;
  }
}
