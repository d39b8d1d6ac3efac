import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import type { SourceRef } from "../../source.ts";
import type { Refusal } from "../node/facts.ts";
import { type Decorator, isCommon, type NestProgram, type PlacedClass } from "./program.ts";

type Judgement = Pick<Guard, "kind" | "effect">;

/** A guard or a marking decorator, and where it was attached. */
export interface Attached {
  readonly scope: Guard["scope"];
  readonly uri: string;
  readonly value: Expression;
  readonly source: SourceRef;
  /** Whether it is in force depends on a condition. */
  readonly isUncertain?: boolean;
}

/** What a decorator writes into the metadata of a route: `SetMetadata("roles", […])`. */
export interface Marking {
  readonly key: string;
  readonly scope: Guard["scope"];
  readonly decorator: Decorator;
}

const DEPTH = 8;
/** Guards of published packages. Source: the packages' own documentation. */
const PACKAGES: readonly (readonly [module: RegExp, name: RegExp, judgement: Judgement])[] = [
  [/^@nestjs\/passport$/, /^AuthGuard$/, { kind: "authentication", effect: "require" }],
  [/^@nestjs\/throttler$/, /ThrottlerGuard$/, { kind: "throttle", effect: "require" }],
  [/^nest-keycloak-connect$/, /^AuthGuard$/, { kind: "authentication", effect: "require" }],
  [/^nest-keycloak-connect$/, /^(?:RoleGuard|ResourceGuard)$/, { kind: "permission", effect: "require" }],
  [/^@thallesp\/nestjs-better-auth$/, /^AuthGuard$/, { kind: "authentication", effect: "require" }],
  [/^nest-access-control$/, /^ACGuard$/, { kind: "permission", effect: "require" }],
];
const OPEN_KEY =
  /public|skip_?-?auth|no_?-?auth|anonymous|allow_?-?(?:any|unauth|guest)|unauthenticated|without_?-?auth|is_?-?open\b|bypass_?-?auth/i;
const ACCESS_KEY = /role|permission|scope|polic|abilit|privilege|access|admin|right/i;

/** Who is stopped at a route, from the widest to the narrowest: guards, then what marks the route for them. */
export function guardsOf(
  program: NestProgram,
  attached: readonly Attached[],
  markings: readonly Marking[],
): readonly Guard[] {
  const judged = attached.map((guard) => ({
    guard,
    reads: readsOf(program, guard),
    judgement: judge(program, guard),
  }));
  const keys = new Set(markings.map(({ key }) => key));
  const isOpen = markings.some(opens);
  const guards = judged.map(({ guard, reads, judgement }): Guard => {
    const asks = reads.keys.filter((key) => !OPEN_KEY.test(key));
    // A guard that asks for roles and finds none written lets everyone pass.
    const idle =
      asks.length > 0 &&
      reads.passes &&
      !asks.some((key) => keys.has(key)) &&
      judgement.kind === "permission";
    return {
      name: nameOf(guard.value),
      kind: judgement.kind,
      effect: guard.isUncertain
        ? "unknown"
        : idle || (isOpen && isOpened(reads, judgement))
          ? "identify"
          : judgement.effect,
      scope: guard.scope,
      source: guard.source,
    };
  });
  const read = new Set(judged.flatMap(({ reads }) => reads.keys));
  return [...guards, ...markings.flatMap((marking) => markingGuard(marking, read) ?? [])];
}

/** `@Public()`. */
function opens({ key, decorator }: Marking): boolean {
  return OPEN_KEY.test(key) || OPEN_KEY.test(nameOf(decorator.written));
}

/** A guard that asks whether a route is open, or whose text is not in the workspace, lets strangers into one that is. */
function isOpened({ keys, isSeen }: Reads, { kind }: Judgement): boolean {
  return keys.some((key) => OPEN_KEY.test(key)) || (!isSeen && kind === "authentication");
}

/** `@Public()` opens what a guard around it closes; `@Roles()` says whom that guard lets pass. */
function markingGuard(marking: Marking, read: ReadonlySet<string>): Guard | null {
  const { key, scope, decorator } = marking;
  const name = nameOf(decorator.written);
  const { source } = decorator;
  if (opens(marking)) {
    return { name, kind: "authentication", effect: "allow-any", scope, source };
  }
  if (!ACCESS_KEY.test(key) && !read.has(key)) return null;
  // Nothing that was seen reads it: a guard that was not seen may.
  return { name, kind: "permission", effect: read.has(key) ? "require" : "unknown", scope, source };
}

/** Guards that decorators attach. */
export function attachedBy(decorators: readonly Decorator[], scope: Guard["scope"]): readonly Attached[] {
  return decorators.flatMap((decorator) => {
    if (!isCommon(decorator) || decorator.name !== "UseGuards") return [];
    const { uri, source, isUncertain } = decorator;
    return decorator.args.map((value) => ({ scope, uri, value, source, isUncertain }));
  });
}

/** What decorators write for guards to read. */
export function markingsBy(
  program: NestProgram,
  decorators: readonly Decorator[],
  scope: Guard["scope"],
): readonly Marking[] {
  return decorators.flatMap((decorator) => {
    if (isCommon(decorator) && decorator.name === "SetMetadata") {
      const [first, value] = decorator.args;
      const key = keyOf(program, decorator.uri, first);
      // `SetMetadata(IS_PUBLIC, options?.public)`: what is not written out opens nothing that can be told.
      const opens = key !== null && OPEN_KEY.test(key);
      if (key === null || (opens && !(value?.k === "name" && value.value === "true"))) return [];
      return [{ key, scope, decorator }];
    }
    const [created] = decorator.args;
    if (decorator.name === "createDecorator" && created?.k === "string") {
      return [{ key: created.value, scope, decorator }];
    }
    // A package's own decorator of that meaning: `@Public()`, `@Unprotected()`, `@AllowAnonymous()`.
    const opens =
      decorator.module !== null && /^(?:Public|Unprotected|AllowAnonymous|SkipAuth)$/.test(decorator.name);
    const throttles = decorator.module === "@nestjs/throttler" && decorator.name === "SkipThrottle";
    return opens && !throttles ? [{ key: "public", scope, decorator }] : [];
  });
}

function keyOf(program: NestProgram, uri: string, value: Expression | undefined): string | null {
  if (!value) return null;
  return program.values.textOf(uri, value) ?? program.createdKey(uri, value) ?? dottedName(value);
}

interface Reads {
  /** Metadata keys that the guard asks for. */
  readonly keys: readonly string[];
  /** Lets someone pass without more ado somewhere. */
  readonly passes: boolean;
  /** What it asks for is known. */
  readonly isSeen: boolean;
}

function readsOf(program: NestProgram, { uri, value }: Attached): Reads {
  const keys: string[] = [];
  let passes = false;
  let at: PlacedClass | null = program.classOf(uri, value);
  // The guard of `@nestjs/passport` is not in the workspace, and asks for nothing.
  const isSeen = at !== null || program.named(uri, value).module === "@nestjs/passport";
  for (let depth = 0; at && depth < DEPTH; depth++) {
    for (const read of at.fact.activation?.reads ?? []) {
      const key = keyOf(program, at.uri, read);
      if (key !== null) keys.push(key);
    }
    passes ||= at.fact.activation?.mayPass ?? false;
    at = program.baseOf(at);
  }
  return { keys, passes, isSeen };
}

/** What the definition shows decides, then the package, then the name. */
function judge(program: NestProgram, { uri, value }: Attached): Judgement {
  return judgeValue(program, uri, value, 0) ?? unseen(nameOf(value));
}

function judgeValue(program: NestProgram, uri: string, value: Expression, depth: number): Judgement | null {
  const direct = judgeClass(program, program.classOf(uri, value), 0) ?? judgePackage(program, uri, value);
  if (direct || value.k !== "call" || depth > DEPTH) return direct;
  // `AuthGuard({ public: true })` of the workspace: what the function gives back.
  const made = program.values.functionOf(uri, value.callee);
  for (const result of made?.fact.returned ?? []) {
    const judged = made && judgeValue(program, made.uri, result, depth + 1);
    if (judged) return judged;
  }
  return null;
}

function judgeClass(program: NestProgram, placed: PlacedClass | null, depth: number): Judgement | null {
  if (!placed || depth > DEPTH) return null;
  const { fact, uri } = placed;
  const base =
    judgeClass(program, program.baseOf(placed), depth + 1) ??
    (fact.extends ? judgePackage(program, uri, fact.extends) : null);
  if (!fact.activation) return base;
  const { refusal, mayRefuse } = fact.activation;
  if (refusal === "throttle") return { kind: "throttle", effect: "require" };
  if (fact.activation.kind === "middleware") return middlewareJudgement(fact.name, refusal);
  if (!mayRefuse)
    return base ? { ...base, effect: "unknown" } : { kind: kindByName(fact.name), effect: "unknown" };
  // What is passed on to the base refuses as the base does; `handleRequest` that throws nothing lets strangers pass.
  if (base && refusal === null) return isOptional(fact.name) ? { ...base, effect: "identify" } : base;
  const named = kindByName(fact.name);
  const kind =
    named !== "unknown"
      ? named
      : refusal === "authentication" || refusal === "permission"
        ? refusal
        : "permission";
  return { kind, effect: isOptional(fact.name) && refusal === null ? "identify" : "require" };
}

/** A middleware that turns nobody away by its text is none of access. */
function middlewareJudgement(name: string, refusal: Refusal | null): Judgement {
  if (refusal === "validation") return { kind: "validation", effect: "require" };
  if (refusal === null) return { kind: "middleware", effect: "unknown" };
  const named = kindByName(name);
  return { kind: named === "unknown" ? refusal : named, effect: "require" };
}

function judgePackage(program: NestProgram, uri: string, value: Expression): Judgement | null {
  const { module, name } = program.named(uri, value);
  if (module === null) return null;
  return PACKAGES.find(([from, names]) => from.test(module) && names.test(name))?.[2] ?? null;
}

/** A guard that nothing of the workspace shows. */
function unseen(name: string): Judgement {
  return { kind: kindByName(name), effect: "unknown" };
}

function isOptional(name: string): boolean {
  return /optional|maybe|try/i.test(name);
}

function kindByName(name: string): Guard["kind"] {
  if (/throttl|rate_?limit/i.test(name)) return "throttle";
  if (/role|permission|polic|abilit|admin|owner|scope|access(?!token)|acl|rbac/i.test(name))
    return "permission";
  if (/auth|jwt|session|login|token|api_?key|user|passport|oauth|oidc|basic|bearer/i.test(name))
    return "authentication";
  return "unknown";
}

/** `JwtAuthGuard`, `AuthGuard("jwt")`, `Roles("admin")`; without empty brackets and `new`. */
export function nameOf(value: Expression): string {
  return rendered(value).replace(/\(\)$/, "");
}
