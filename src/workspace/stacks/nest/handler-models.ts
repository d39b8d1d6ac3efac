import type { Expression } from "../../languages/expression.ts";
import { compareText, rangeOf, type SourceRef } from "../../source.ts";
import type { MethodFact } from "./facts.ts";
import type { NestProgram, PlacedClass } from "./program.ts";
import { isEntity } from "./shapes.ts";

const DEPTH = 4;
/** How facts write down what `@InjectModel(User.name)` asks for. */
const INJECTED_MODEL = /^InjectedModel<([\w$]+)>$/;
const REPOSITORY = /\b(?:Tree|Mongo)?Repository\s*<\s*([\w$]+)/;

/** What a handler leads to. */
export interface Behind {
  /** Ids that the models it asks for must have; one that no model of the catalog has is dropped where all stacks come together. */
  readonly modelIds: readonly string[];
  /** The methods it calls. */
  readonly reaches: readonly SourceRef[];
}

/**
 * Models that a handler asks for, through the services it calls: members typed as repositories of TypeORM, injected
 * models of Mongoose, delegates of a Prisma client; and where else to look for uses of a model.
 */
export function modelsBehind(program: NestProgram, controller: PlacedClass, handler: Handler): Behind {
  const walk: Walk = { program, ids: new Set(), seen: new Map() };
  follow(walk, controller, handler.owner, handler.method, 0);
  return { modelIds: [...walk.ids].sort(compareText), reaches: [...walk.seen.values()].slice(1) };
}

/** A method and the class that it is written in. */
interface Handler {
  readonly owner: PlacedClass;
  readonly method: MethodFact;
}

interface Walk {
  readonly program: NestProgram;
  readonly ids: Set<string>;
  readonly seen: Map<string, SourceRef>;
}

/** `self` is the class that is instantiated: a base that the method is written in finds its members there. */
function follow(walk: Walk, self: PlacedClass, owner: PlacedClass, method: MethodFact, depth: number): void {
  const { program, ids, seen } = walk;
  const key = `${self.uri}#${self.fact.name}.${method.name}`;
  if (seen.has(key) || depth > DEPTH) return;
  seen.set(key, { uri: owner.uri, range: rangeOf(method.span), hash: method.hash });
  for (const name of method.named) {
    const placed = classSeenFrom(program, self, name);
    if (placed && isEntity(program, placed)) ids.add(`model:typeorm:${placed.fact.name}`);
  }
  for (const call of method.calls) {
    const [, member = "", ...rest] = call.split(".");
    const [called] = rest;
    if (called === undefined) {
      const own = methodOf(program, self, member);
      if (own) follow(walk, self, own.owner, own.method, depth + 1);
      continue;
    }
    const found = memberType(program, self, member);
    if (found) followMember(walk, found, rest, depth);
  }
}

/** `this.users.find(…)`: what stands behind `users`. */
function followMember(
  walk: Walk,
  { type, owner }: { readonly type: string; readonly owner: PlacedClass },
  [called = "", ...deeper]: readonly string[],
  depth: number,
): void {
  const { program, ids } = walk;
  const entity = REPOSITORY.exec(type)?.[1];
  const injected = INJECTED_MODEL.exec(type)?.[1];
  if (entity !== undefined) {
    const placed = program.classNamed(owner.uri, entity);
    if (placed) ids.add(`model:typeorm:${placed.fact.name}`);
    return;
  }
  if (injected !== undefined) {
    const name: Expression = { k: "name", value: injected, span: [0, 0, 0, 0] };
    ids.add(`model:mongoose:${program.values.textOf(owner.uri, name) ?? injected}`);
    return;
  }
  if (/^Prisma\w*(?:Client|Service)$/.test(type) && deeper.length === 1) {
    ids.add(`model:prisma:${called.charAt(0).toUpperCase()}${called.slice(1)}`);
    return;
  }
  const service = program.classNamed(owner.uri, type.replace(/<.*$/s, ""));
  if (!service) return;
  // `UserRepository extends Repository<User>`.
  const kept = service.fact.extendsOf && program.classNamed(service.uri, service.fact.extendsOf);
  if (kept && isEntity(program, kept)) ids.add(`model:typeorm:${kept.fact.name}`);
  for (const place of handedUp(program, service)) walk.seen.set(`${place.uri}#${place.hash}`, place);
  const target = methodOf(program, service, called);
  if (target) follow(walk, service, target.owner, target.method, depth + 1);
}

/** Where a class, or a base of it, hands a model to its own base. */
function handedUp(program: NestProgram, service: PlacedClass): readonly SourceRef[] {
  const found: SourceRef[] = [];
  let at: PlacedClass | null = service;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    const { handsUp } = at.fact;
    if (handsUp) found.push({ uri: at.uri, range: rangeOf(handsUp.span), hash: handsUp.hash });
    at = program.baseOf(at);
  }
  return found;
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

function methodOf(program: NestProgram, self: PlacedClass, name: string): Handler | null {
  let at: PlacedClass | null = self;
  for (let depth = 0; at && depth < DEPTH; depth++) {
    const method = at.fact.methods.find((candidate) => candidate.name === name);
    if (method) return { owner: at, method };
    at = program.baseOf(at);
  }
  return null;
}
