import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Refusal } from "./facts.ts";
import type { Program } from "./program.ts";
import type { Attached } from "./walk.ts";

type Judgement = Pick<Guard, "kind" | "effect">;

const REFUSING: Readonly<Record<Refusal, Judgement>> = {
  authentication: { kind: "authentication", effect: "require" },
  permission: { kind: "permission", effect: "require" },
  throttle: { kind: "throttle", effect: "require" },
  validation: { kind: "validation", effect: "require" },
};

/** Functions of published packages that turn requests away. Source: the packages' own documentation. */
const PACKAGES: readonly (readonly [module: RegExp, name: RegExp, judgement: Judgement])[] = [
  [/^passport$/, /(?:^|\.)authenticate$/, REFUSING.authentication],
  [/^express-jwt$/, /^(?:\*|default|expressjwt|jwt)$/, REFUSING.authentication],
  [/^express-oauth2-jwt-bearer$/, /^auth$/, REFUSING.authentication],
  [/^express-oauth2-jwt-bearer$/, /^(?:requiredScopes|claim\w+)$/, REFUSING.permission],
  [/^express-openid-connect$/, /^(?:auth|requiresAuth)$/, REFUSING.authentication],
  [/^express-basic-auth$/, /./, REFUSING.authentication],
  [
    /^(?:@clerk\/express|@clerk\/clerk-sdk-node)$/,
    /^(?:requireAuth|ClerkExpressRequireAuth)$/,
    REFUSING.authentication,
  ],
  [/^supertokens-node\/recipe\/session\/framework\/express$/, /^verifySession$/, REFUSING.authentication],
  [/^connect-ensure-login$/, /^ensureLoggedIn$/, REFUSING.authentication],
  [/^express-jwt-permissions$/, /./, REFUSING.permission],
  [/^(?:express-rate-limit|rate-limiter-flexible|express-slow-down|express-brute)$/, /./, REFUSING.throttle],
  [/^(?:koa-ratelimit|koa2-ratelimit|hono-rate-limiter|@hono-rate-limiter\/\w+)$/, /./, REFUSING.throttle],
  [/^(?:koa-jwt|koa-basic-auth)$/, /^(?:\*|default)$/, REFUSING.authentication],
  [
    /^hono\/(?:jwt|jwk|basic-auth|bearer-auth)$/,
    /^(?:jwt|jwk|basicAuth|bearerAuth)$/,
    REFUSING.authentication,
  ],
  [/^hono\/ip-restriction$/, /^ipRestriction$/, REFUSING.permission],
  [/^koa-passport$/, /(?:^|\.)authenticate$/, REFUSING.authentication],
  [/^@fastify\/basic-auth$|^@fastify\/bearer-auth$/, /./, REFUSING.authentication],
];

const NAMES: readonly (readonly [RegExp, Judgement])[] = [
  [/optional|^(?:try|maybe|load|attach|parse|decode|set)[A-Z_]/i, { kind: "middleware", effect: "unknown" }],
  [/rate_?limit|limiter$|throttl|slow_?down/i, REFUSING.throttle],
  [
    /^(?:require|check|has|verify|ensure|allow|restrict|authorize|can|is)_?(?:\w*(?:Role|Permission|Admin|Owner|Scope|Access|Ability|Privilege)s?(?:To)?)$|^authoriz|^restrictTo$|^(?:admin|owner)Only$/i,
    REFUSING.permission,
  ],
  [
    /^(?:require|ensure|check|verify|validate|is|must)_?(?:Be)?_?(?:\w*(?:Auth|Authenticated|Authentication|Login|LoggedIn|SignedIn|Session|Jwt|Token|ApiKey|User))$|^authenticate\w*$|^auth(?:Guard|Required|Middleware|enticat\w*)?$|^(?:jwt|session|token)Auth$|^protect(?:ed)?$|^isAuth\w*$/i,
    REFUSING.authentication,
  ],
];

/** Guards judged so far: what is attached to an app is in force on all of its routes. */
export type JudgedGuards = Map<Attached, Guard>;

/** The guards of a route in the order in which they run. */
export function guardsOf(
  program: Program,
  middleware: readonly Attached[],
  judged: JudgedGuards,
): readonly Guard[] {
  return middleware.map((attached) => {
    const known = judged.get(attached) ?? guardOf(program, attached);
    judged.set(attached, known);
    return known;
  });
}

export function guardOf(program: Program, attached: Attached): Guard {
  const judgement = judge(program, attached);
  return {
    name: nameOf(program, attached),
    ...judgement,
    effect: judgement.effect === "require" && isLifted(program, attached) ? "unknown" : judgement.effect,
    scope: attached.level,
    source: attached.source,
  };
}

/** `checkPermission(NONE)`, `requireRole(undefined)`: what is asked for may be nothing. */
function isLifted(program: Program, { uri, scope, value }: Attached): boolean {
  if (value.k !== "call" || value.args.length !== 1) return false;
  const [first] = value.args;
  const asked = first && program.handedOver({ uri, scope, value: first.value });
  const settled = asked && (program.settled(asked)?.value ?? asked.value);
  if (settled?.k === "string") return /^(?:none|public|anonymous)?$/i.test(settled.value);
  return settled?.k === "name" && /^(?:undefined|null|false|NONE)$/.test(settled.value);
}

function nameOf(program: Program, attached: Attached): string {
  if (attached.text !== "") return attached.text;
  return (
    program.functionOf(attached.uri, attached.scope, attached.value)?.fact.path ?? "function written in place"
  );
}

/** What the definition shows decides, then the package, then the name. */
function judge(program: Program, { uri, scope, value }: Attached): Judgement {
  const target = value.k === "call" && !isBind(value) ? value.callee : value;
  const names = [lastName(target), ...wrappedNames(value)];
  // `requireRole("ADMIN")` is judged by what makes the middleware, `asyncHandler(requireUser)` by what is wrapped.
  for (const candidate of [target, value]) {
    const refusal = program.functionOf(uri, scope, candidate)?.fact.refusal;
    if (refusal) return refined(REFUSING[refusal], names);
  }
  const direct = program.origin(uri, scope, target);
  const origin = direct?.kind === "package" ? direct : setOrigin(program, uri, scope, target);
  if (origin?.kind === "package") {
    const known = PACKAGES.find(
      ([module, export_]) => module.test(origin.module) && export_.test(origin.name),
    );
    if (known) return known[2];
  }
  return judgedByName(names) ?? { kind: "middleware", effect: "unknown" };
}

/** `const requireJwt = passport.authenticate(…)`, `const limiter = rateLimit(…)`: the package behind a name. */
function setOrigin(program: Program, uri: string, scope: number, value: Expression) {
  const direct = value.k === "name" ? program.assigned(uri, scope, value.value) : null;
  const named = direct ?? imported(program, uri, scope, value);
  return named?.value.k === "call" ? program.origin(named.uri, named.scope, named.value.callee) : null;
}

function imported(program: Program, uri: string, scope: number, value: Expression) {
  const origin = program.origin(uri, scope, value);
  return origin && program.valueOf(origin);
}

/** Who is not allowed is often answered like who is not known, and the reverse: then the name says which is meant. */
function refined(judgement: Judgement, names: readonly string[]): Judgement {
  if (judgement.kind !== "permission" && judgement.kind !== "authentication") return judgement;
  const byName = judgedByName(names);
  return byName?.effect === "require" && byName.kind !== "throttle" ? byName : judgement;
}

function judgedByName(names: readonly string[]): Judgement | undefined {
  return names
    .map((name) => NAMES.find(([pattern]) => pattern.test(name))?.[1])
    .find((judgement) => judgement !== undefined);
}

function wrappedNames(value: Expression): readonly string[] {
  if (value.k !== "call") return [];
  return value.args
    .flatMap((argument) => (argument.value.k === "list" ? argument.value.items : [argument.value]))
    .filter((argument) => argument.k === "name" || argument.k === "member")
    .map(lastName);
}

function isBind(value: Extract<Expression, { k: "call" }>): boolean {
  return value.callee.k === "member" && value.callee.name === "bind";
}

function lastName(value: Expression): string {
  const text = dottedName(value.k === "call" ? value.callee : value) ?? "";
  return text.slice(text.lastIndexOf(".") + 1);
}
