import { compareText } from "../../source.ts";
import type { MethodFact } from "./facts.ts";
import type { NestProgram, PlacedClass } from "./program.ts";
import { isEntity } from "./shapes.ts";

const DEPTH = 4;
const REPOSITORY = /\b(?:Tree|Mongo)?Repository\s*<\s*([\w$]+)/;

/**
 * Ids of the models that a handler asks for, through the services it calls: members typed as repositories of TypeORM
 * and delegates of a Prisma client. An id that no model of the catalog has is dropped where all stacks come together.
 */
export function modelsBehind(
  program: NestProgram,
  controller: PlacedClass,
  method: MethodFact,
): readonly string[] {
  const ids = new Set<string>();
  follow(program, controller, method, ids, new Set(), 0);
  return [...ids].sort(compareText);
}

/** `self` is the class that is instantiated: a base that the method is written in finds its members there. */
function follow(
  program: NestProgram,
  self: PlacedClass,
  method: MethodFact,
  ids: Set<string>,
  seen: Set<string>,
  depth: number,
): void {
  const key = `${self.uri}#${self.fact.name}.${method.name}`;
  if (seen.has(key) || depth > DEPTH) return;
  seen.add(key);
  for (const name of method.named) {
    const placed = classSeenFrom(program, self, name);
    if (placed && isEntity(program, placed)) ids.add(`model:typeorm:${placed.fact.name}`);
  }
  for (const call of method.calls) {
    const [, member = "", ...rest] = call.split(".");
    const [called] = rest;
    if (called === undefined) {
      const own = methodOf(program, self, member);
      if (own) follow(program, self, own, ids, seen, depth + 1);
      continue;
    }
    const found = memberType(program, self, member);
    if (!found) continue;
    const entity = REPOSITORY.exec(found.type)?.[1];
    if (entity !== undefined) {
      const placed = program.classNamed(found.owner.uri, entity);
      if (placed) ids.add(`model:typeorm:${placed.fact.name}`);
      continue;
    }
    if (/^Prisma\w*(?:Client|Service)$/.test(found.type) && rest.length === 2) {
      ids.add(`model:prisma:${called.charAt(0).toUpperCase()}${called.slice(1)}`);
      continue;
    }
    const service = program.classNamed(found.owner.uri, found.type.replace(/<.*$/s, ""));
    const target = service && methodOf(program, service, called);
    if (target) follow(program, service, target, ids, seen, depth + 1);
  }
}

/** A name as the file of a class, or of one of its bases, knows it. */
function classSeenFrom(program: NestProgram, self: PlacedClass, name: string): PlacedClass | null {
  let at: PlacedClass | null = self;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    const found = program.classNamed(at.uri, name);
    if (found) return found;
    at = program.baseOf(at);
  }
  return null;
}

function memberType(
  program: NestProgram,
  owner: PlacedClass,
  member: string,
): { readonly type: string; readonly owner: PlacedClass } | null {
  let at: PlacedClass | null = owner;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    const type = at.fact.members.find(([name]) => name === member)?.[1];
    if (type !== undefined) return { type, owner: at };
    at = program.baseOf(at);
  }
  return null;
}

function methodOf(program: NestProgram, self: PlacedClass, name: string): MethodFact | null {
  let at: PlacedClass | null = self;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    const method = at.fact.methods.find((candidate) => candidate.name === name);
    if (method) return method;
    at = program.baseOf(at);
  }
  return null;
}
