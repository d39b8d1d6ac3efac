import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  positionalArguments,
  render,
} from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction, PythonParameter } from "../../languages/python/module.ts";
import type { SourceRef } from "../../source.ts";
import { type Annotation, readAnnotation } from "../python/annotation.ts";
import type { Written, WrittenFunction } from "../python/project.ts";
import { SOUNDS_LIKE_GUARD } from "../python/refusal.ts";
import type { Refusal } from "../python/web-facts.ts";
import type { WebProgram, WebScope } from "../python/web-program.ts";

/** What `Depends(…)` or `Security(…)` is given, with the place it stands at. */
export interface Dependency {
  /** The callable; null for `Depends()`, which is the class that the annotation names. */
  readonly target: Written;
  readonly isSecurity: boolean;
  readonly source: SourceRef;
}

/** A function that FastAPI fills the parameters of. */
export interface Filled {
  readonly uri: string;
  readonly item: PythonFunction;
  readonly scope: WebScope | null;
}

type Effect = { readonly kind: Guard["kind"]; readonly effect: Guard["effect"] };

const SCHEME =
  /^fastapi\.(security(\.\w+)*\.)?(OAuth2\w*|HTTPBearer|HTTPBasic|HTTPDigest|APIKey\w+|OpenIdConnect)$|^fastapi\.security\.\w+$/;
const FORM = /RequestForm(Strict)?$/;
const DEPTH = 6;

/** Understands dependencies: which of them guard, and which parameters they add. */
export class Dependencies {
  readonly #program: WebProgram;
  readonly #effects = new Map<string, Effect | null>();

  constructor(program: WebProgram) {
    this.#program = program;
  }

  /** The dependencies of a `dependencies=[…]` list; null where the list is computed. */
  listed(written: Written | null): readonly Dependency[] | null {
    if (!written) return [];
    const items = this.#program.items(written);
    return items?.flatMap((item) => this.read(item) ?? []) ?? null;
  }

  /** `Depends(…)` as written, or a name that stands for one. */
  read(written: Written): Dependency | null {
    const at = this.#program.constant(written);
    const { expression } = at;
    if (expression.k !== "call" || !/^(Depends|Security|FromDishka)$/.test(calledName(expression) ?? ""))
      return null;
    const target = argumentOf(expression, "dependency") ?? positionalArguments(expression)[0];
    if (!target) return null;
    return {
      target: { ...at, expression: target },
      isSecurity: calledName(expression) === "Security",
      source: this.#program.placeOf(at.uri, expression.span),
    };
  }

  /** The dependency that a parameter is filled from: its default, or what `Annotated` adds to its type. */
  ofParameter(filled: Filled, parameter: PythonParameter): Dependency | null {
    const at = (expression: Expression): Written => ({ uri: filled.uri, scope: "", expression });
    const annotation = parameter.annotation && readAnnotation(this.#program, at(parameter.annotation));
    if (parameter.default) {
      const found = this.read(at(parameter.default));
      if (found) return found;
      if (isBareDepends(parameter.default) && annotation)
        return this.#ofClass(annotation, at(parameter.default));
    }
    for (const extra of annotation?.extras ?? []) {
      const found = this.read(extra);
      if (found) {
        // The alias may stand far from the route: the parameter is where it is attached.
        const source = parameter.annotation
          ? this.#program.placeOf(filled.uri, parameter.annotation.span, found.source)
          : found.source;
        return { ...found, source };
      }
      if (annotation && isBareDepends(extra.expression)) return this.#ofClass(annotation, extra);
    }
    return null;
  }

  /** The function whose parameters a dependency adds, if it is in the workspace. */
  filledBy(dependency: Dependency): Filled | null {
    const { uri, scope, expression } = dependency.target;
    const name = dottedName(expression);
    if (name === null) {
      if (expression.k !== "call") return null;
      const found = this.#program.classes.find(uri, expression.callee, scope);
      if (found?.kind === "class") return this.#methodOf(found.ref, "__call__");
      const maker = this.#makerOf(dependency.target, expression);
      const made = maker && madeBy(maker.item);
      return made
        ? {
            uri: maker.uri,
            item: made,
            scope: this.#program.scopeOf(maker.uri, `${maker.item.name}.${made.name}`),
          }
        : null;
    }
    const item = this.#program.functionOf(uri, name);
    if (item) return { ...item, scope: this.#program.scopeOf(item.uri, item.item.name) };
    const found = this.#program.classes.findName(uri, name, scope);
    if (found?.kind === "class") return this.#methodOf(found.ref, "__init__");
    const value = this.#program.constant(dependency.target);
    if (value === dependency.target || value.expression.k !== "call") return null;
    const made = this.#program.classes.find(value.uri, value.expression.callee);
    return made?.kind === "class" ? this.#methodOf(made.ref, "__call__") : null;
  }

  /** The guard that a dependency is; null when it only brings something. `attached` lists it where nothing else can be its point. */
  guard(dependency: Dependency, scope: Guard["scope"], attached: boolean): Guard | null {
    const found = this.#effect(dependency.target, 0);
    const name = nameOf(dependency.target.expression);
    if (FORM.test(name)) return null;
    const common = { name, scope, source: dependency.source };
    if (found) return { ...common, ...found };
    if (dependency.isSecurity) return { ...common, kind: "authentication", effect: "require" };
    if (
      SOUNDS_LIKE_GUARD.test(name) &&
      !/repo|service|server|client|provider|settings|dao|store|factory/i.test(name)
    ) {
      return { ...common, kind: kindByName(name), effect: attached ? "unknown" : "identify" };
    }
    return attached ? { ...common, kind: "unknown", effect: "unknown" } : null;
  }

  /** What the attributes of a class-based view depend on, own and inherited, nearest last. */
  ofOwner(
    owner: ClassRef<PythonClass>,
  ): readonly { readonly dependency: Dependency; readonly isInherited: boolean }[] {
    return this.#program.classes
      .linearize(owner)
      .toReversed()
      .flatMap((step) => {
        if (step.kind !== "class") return [];
        const { uri, declaration, key } = step.ref;
        return declaration.assignments.flatMap(({ value, annotation }) => {
          const extras = annotation
            ? readAnnotation(this.#program, { uri, scope: "", expression: annotation }).extras
            : [];
          const written = [...(value ? [{ uri, scope: "", expression: value }] : []), ...extras];
          const [dependency] = written.flatMap((each) => this.read(each) ?? []);
          return dependency ? [{ dependency, isInherited: key !== owner.key }] : [];
        });
      });
  }

  #ofClass(annotation: Annotation, written: Written): Dependency | null {
    if (dottedName(annotation.inner.expression) === null) return null;
    return {
      target: annotation.inner,
      isSecurity: false,
      source: this.#program.placeOf(written.uri, written.expression.span),
    };
  }

  #methodOf(ref: ClassRef<PythonClass>, name: string): Filled | null {
    for (const step of this.#program.classes.linearize(ref)) {
      const item =
        step.kind === "class" ? step.ref.declaration.methods.find((each) => each.name === name) : null;
      if (item && step.kind === "class") return { uri: step.ref.uri, item, scope: null };
    }
    return null;
  }

  #effect(target: Written, depth: number): Effect | null {
    const key = `${target.uri}#${target.expression.span.join(":")}#${nameOf(target.expression)}`;
    const known = this.#effects.get(key);
    if (known !== undefined) return known;
    this.#effects.set(key, null);
    const found = depth > DEPTH ? null : this.#read(target, depth);
    this.#effects.set(key, found);
    return found;
  }

  #read(target: Written, depth: number): Effect | null {
    const { uri, scope, expression } = target;
    if (expression.k === "call") return this.#ofInstance(target, expression, depth);
    const name = dottedName(expression);
    if (name === null) return null;
    const item = this.#program.functionOf(uri, name);
    if (item) return this.#ofFunction(item.uri, item.item, item.item.name, depth);
    const found = this.#program.classes.findName(uri, name, scope);
    if (found?.kind === "class") return this.#ofClassItself(found.ref, depth);
    const value = this.#program.constant(target);
    return value === target ? null : this.#effect(value, depth + 1);
  }

  /** `HTTPBearer()`, `RoleChecker("admin")`, `require_role("admin")`. */
  #ofInstance(target: Written, call: Call, depth: number): Effect | null {
    const outside = this.#program.externalName({ ...target, expression: call.callee });
    if (outside !== null && SCHEME.test(outside)) return scheme(call);
    const made = this.#program.classes.find(target.uri, call.callee, target.scope);
    if (made?.kind === "class") return this.#ofClassItself(made.ref, depth, call);
    const maker = this.#makerOf(target, call);
    if (maker) {
      const inner = madeBy(maker.item);
      const declared = maker.item.returns && this.#program.classes.find(maker.uri, maker.item.returns);
      return (
        (inner && this.#ofFunction(maker.uri, inner, `${maker.item.name}.${inner.name}`, depth)) ??
        this.#ofFunction(maker.uri, maker.item, maker.item.name, depth) ??
        (declared?.kind === "class" ? this.#ofClassItself(declared.ref, depth, call) : null)
      );
    }
    // `fastapi_users.current_user(active=True)`.
    if (calledName(call) === "current_user") {
      const optional = booleanValue(argumentOf(call, "optional")) === true;
      return { kind: "authentication", effect: optional ? "identify" : "require" };
    }
    return null;
  }

  /** The function of the workspace that a call in a dependency calls. */
  #makerOf({ uri }: Written, call: Call): WrittenFunction | null {
    const name = dottedName(call.callee);
    return name === null ? null : this.#program.functionOf(uri, name);
  }

  #ofClassItself(ref: ClassRef<PythonClass>, depth: number, call: Call | null = null): Effect | null {
    for (const step of this.#program.classes.linearize(ref)) {
      if (step.kind === "external") {
        if (FORM.test(step.name)) return null;
        if (SCHEME.test(step.name)) return scheme(call);
        continue;
      }
      for (const method of step.ref.declaration.methods) {
        if (method.name !== "__call__" && !(call === null && method.name === "__init__")) continue;
        const found = this.#ofFunction(step.ref.uri, method, `${step.ref.qualname}.${method.name}`, depth);
        if (found) return found;
      }
    }
    return null;
  }

  #ofFunction(uri: string, item: PythonFunction, qualname: string, depth: number): Effect | null {
    const body = this.#program.body(uri, qualname);
    const inner = item.parameters.flatMap((parameter) => {
      const dependency = this.ofParameter({ uri, item, scope: null }, parameter);
      const found =
        dependency &&
        (this.#effect(dependency.target, depth + 1) ?? (dependency.isSecurity ? REQUIRED : null));
      return found ? [found] : [];
    });
    const required = inner.find((each) => each.effect === "require") ?? null;
    const refuses = body?.refuses ?? this.#calledRefusal(uri, qualname, body?.calls ?? []);
    if (refuses !== null) return { kind: kindOf(refuses, item.name, required), effect: "require" };
    if (required) return /optional/i.test(item.name) ? { ...required, effect: "identify" } : required;
    return inner[0] ?? null;
  }

  /** A function that refuses by calling another of the workspace. */
  #calledRefusal(uri: string, qualname: string, calls: readonly string[]): Refusal | null {
    for (const name of calls) {
      const own = name.startsWith("self.")
        ? `${qualname.slice(0, Math.max(0, qualname.lastIndexOf(".")))}.${name.slice(5)}`
        : null;
      const item = own === null ? this.#program.functionOf(uri, name) : null;
      const found =
        own === null ? item && this.#program.body(item.uri, item.item.name) : this.#program.body(uri, own);
      if (found?.refuses) return found.refuses;
    }
    return null;
  }
}

const REQUIRED: Effect = { kind: "authentication", effect: "require" };

/** A scheme refuses a request without credentials unless it is told not to. */
function scheme(call: Call | null): Effect {
  const lenient = call !== null && booleanValue(argumentOf(call, "auto_error")) === false;
  return { kind: "authentication", effect: lenient ? "identify" : "require" };
}

function kindOf(refuses: Refusal, name: string, inner: Effect | null): Guard["kind"] {
  if (refuses === "throttle") return "throttle";
  if (/super|admin|role|perm|scope|staff|owner/i.test(name)) return "permission";
  if (/current|authenticat/i.test(name)) return "authentication";
  // Who is already known is asked for more.
  return inner?.kind === "authentication" && refuses === "permission" ? "permission" : refuses;
}

function kindByName(name: string): Guard["kind"] {
  return /super|admin|role|perm|scope|staff|owner/i.test(name) ? "permission" : "authentication";
}

/** The function that another returns: `require_role("admin")` gives the check itself. */
function madeBy(maker: PythonFunction): PythonFunction | null {
  const names = maker.returned.map(dottedName);
  return maker.functions.find(({ name }) => names.includes(name)) ?? null;
}

export function nameOf(expression: Expression): string {
  return dottedName(expression) ?? render(expression).slice(0, 80);
}

function isBareDepends(expression: Expression): boolean {
  return (
    expression.k === "call" &&
    /^(Depends|Security)$/.test(calledName(expression) ?? "") &&
    positionalArguments(expression).length === 0 &&
    argumentOf(expression, "dependency") === null
  );
}
