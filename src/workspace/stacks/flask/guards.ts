import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { argumentAt, argumentOf, calledName, isTrue, render } from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import { SOUNDS_LIKE_GUARD } from "../python/refusal.ts";
import type { BodyFacts, Refusal } from "../python/web-facts.ts";
import type { WebProgram } from "../python/web-program.ts";

type Effect = Pick<Guard, "kind" | "effect">;

/** Decorators of well-known extensions, by the last part of their name. */
const KNOWN: readonly (readonly [RegExp, Effect])[] = [
  [
    /^(login_required|fresh_login_required|auth_required|http_auth_required|auth_token_required|token_required|jwt_required|fresh_jwt_required|verify_jwt_in_request)$/,
    { kind: "authentication", effect: "require" },
  ],
  [
    /^(roles?_required|roles?_accepted|permissions?_required|permissions?_accepted|permission_required|require_permission|require_admin|admin_required|unauth_csrf)$/,
    { kind: "permission", effect: "require" },
  ],
  [/^(exempt|csrf_exempt)$/, { kind: "csrf-exempt", effect: "allow-any" }],
  [/^(limit|rate_?limit\w*)$/, { kind: "throttle", effect: "require" }],
];
const EXTENSION =
  /^(flask_login|flask_jwt_extended|flask_security|flask_httpauth|flask_praetorian|flask_principal|flask_wtf|flask_limiter|flask_user|flask_allows|flask_oidc|authlib)(\.|$)/;

/** Understands decorators and `before_request` functions. */
export class FlaskGuards {
  readonly #program: WebProgram;

  constructor(program: WebProgram) {
    this.#program = program;
  }

  /** The guard that a decorator is; null when it guards nothing. */
  decorator(written: Written, scope: Guard["scope"], fallback: SourceRef): Guard | null {
    const { uri, expression } = written;
    const callee = expression.k === "call" ? expression.callee : expression;
    const name = dottedName(callee);
    if (name === null) return null;
    const effect = this.#effect(uri, name, expression);
    const shown =
      expression.k === "call" && expression.args.length > 0 ? render(expression).slice(0, 80) : name;
    return (
      effect && {
        name: shown,
        ...effect,
        scope,
        source: this.#program.placeOf(uri, expression.span, fallback),
      }
    );
  }

  /**
   * A function that runs before each request; null when it has nothing to do with access. It sees requests of all
   * kinds and may turn away a few of them only: it counts as a guard of all where its name says so too.
   */
  before(uri: string, qualname: string, scope: Guard["scope"], source: SourceRef): Guard | null {
    const name = qualname.slice(qualname.lastIndexOf(".") + 1);
    const refuses = this.#refusal(uri, qualname);
    const isMeant = /auth|login|require|protect|restrict|admin|permission/i.test(name);
    if (refuses !== null)
      return {
        name,
        kind: isMeant ? refuses : "middleware",
        effect: isMeant ? "require" : "unknown",
        scope,
        source,
      };
    return isMeant ? { name, kind: "unknown", effect: "unknown", scope, source } : null;
  }

  #effect(uri: string, name: string, expression: Expression): Effect | null {
    const last = name.slice(name.lastIndexOf(".") + 1);
    const own = this.#program.functionOf(uri, name);
    const made = own ? null : this.#ofClass(uri, name);
    if (own || made) {
      const refuses = own ? this.#refusal(own.uri, own.item.name) : made;
      if (refuses !== null)
        return {
          kind:
            refuses === "authentication" && /admin|role|perm|staff|super/i.test(last)
              ? "permission"
              : refuses,
          effect: "require",
        };
      return SOUNDS_LIKE_GUARD.test(last) ? { kind: "unknown", effect: "unknown" } : null;
    }
    const outside = this.#program.externalName({
      uri,
      scope: "",
      expression: expression.k === "call" ? expression.callee : expression,
    });
    const isMethod = name.includes(".");
    const known =
      (outside !== null && EXTENSION.test(outside)) || isMethod || outside !== null
        ? KNOWN.find(([pattern]) => pattern.test(last))?.[1]
        : undefined;
    if (known)
      return expression.k === "call" && isOptional(expression) ? { ...known, effect: "identify" } : known;
    return SOUNDS_LIKE_GUARD.test(last) &&
      !/^(route|get|post|put|patch|delete|before_\w+|after_\w+|errorhandler)$/.test(last)
      ? { kind: "unknown", effect: "unknown" }
      : null;
  }

  /** `@require_permissions("edit")` where that is a class: what it refuses stands in its `__call__`. */
  #ofClass(uri: string, name: string): Refusal | null {
    const found = this.#program.classes.findName(uri, name, "");
    if (found?.kind !== "class") return null;
    return this.#program.body(found.ref.uri, `${found.ref.qualname}.__call__`)?.refuses ?? null;
  }

  #refusal(uri: string, name: string, depth = 0): Refusal | null {
    const body: BodyFacts | null = this.#program.body(uri, name);
    if (!body || depth > 2) return null;
    if (body.refuses !== null) return body.refuses;
    for (const called of body.calls) {
      const made = this.#ofClass(uri, called);
      if (made) return made;
      const item = this.#program.functionOf(uri, called);
      const found =
        item && item.item.name !== name ? this.#refusal(item.uri, item.item.name, depth + 1) : null;
      if (found) return found;
    }
    return null;
  }
}

/** `jwt_required(optional=True)`, `auth.login_required(optional=True)`. */
function isOptional(call: Extract<Expression, { k: "call" }>): boolean {
  return (
    isTrue(argumentOf(call, "optional")) ||
    (calledName(call) === "jwt_required" && isTrue(argumentAt(call, 0, "optional")))
  );
}
