import type { Expression } from "../../languages/expression.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";
import type { Refusal } from "../node/facts.ts";

export interface DecoratorFact {
  readonly value: Expression;
  readonly span: Span;
  readonly hash: string;
}

export interface ParameterFact {
  readonly name: string;
  readonly type: string | null;
  readonly optional: boolean;
  readonly decorators: readonly Expression[];
}

export interface MethodFact {
  readonly name: string;
  readonly decorators: readonly DecoratorFact[];
  readonly parameters: readonly ParameterFact[];
  readonly returns: string | null;
  /** What it calls, as written: `this.users.find`. */
  readonly calls: readonly string[];
  /** Capitalised names that it hands to a call: `Order` of `manager.find(Order)`. */
  readonly named: readonly string[];
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** What `canActivate` of a class shows of whom it turns away. */
export interface ActivationFact {
  /** `use` of a middleware, `canActivate` of a guard. */
  readonly kind: "middleware" | "guard";
  readonly refusal: Refusal | null;
  /** Gives back something else than `true`. */
  readonly mayRefuse: boolean;
  /** Gives back `true` somewhere. */
  readonly mayPass: boolean;
  /** Metadata keys that it asks for. */
  readonly reads: readonly Expression[];
}

/** A property that a request body may have. */
export interface FieldFact {
  readonly name: string;
  readonly type: string | null;
  readonly required: boolean;
}

export interface ClassFact {
  readonly name: string;
  readonly decorators: readonly DecoratorFact[];
  readonly extends: Expression | null;
  /** First of the types in the angle brackets of the base; null where there is none. */
  readonly extendsOf: string | null;
  readonly fields: readonly FieldFact[];
  readonly methods: readonly MethodFact[];
  /** Types of what is injected: parameters of the constructor and typed properties. */
  readonly members: readonly (readonly [name: string, type: string])[];
  readonly activation: ActivationFact | null;
  /** `super(Message, …)`: what the class hands to its base may be a model. */
  readonly handsUp: { readonly span: Span; readonly hash: string } | null;
  readonly nameSpan: Span;
  readonly nameHash: string;
  readonly span: Span;
  readonly hash: string;
}

/** A call that sets up an application: `NestFactory.create(…)`, `app.setGlobalPrefix(…)`. */
export interface SetupFact {
  readonly kind: "create" | "prefix" | "versioning" | "guards" | "pipes";
  readonly args: readonly Expression[];
  readonly span: Span;
  readonly hash: string;
}

/** `consumer.apply(AuthMiddleware).exclude("health").forRoutes(UserController)` of a module. */
export interface MiddlewareFact {
  readonly within: string;
  readonly applied: readonly Expression[];
  readonly excluded: readonly Expression[];
  readonly routes: readonly Expression[];
  readonly span: Span;
  readonly hash: string;
}

export interface CodeFact {
  readonly kind: "code";
  readonly values: ModuleValues;
  readonly classes: readonly ClassFact[];
  readonly setup: readonly SetupFact[];
  readonly middleware: readonly MiddlewareFact[];
}

export type NestFacts = CodeFact | { readonly kind: "config"; readonly config: ProjectConfig };
