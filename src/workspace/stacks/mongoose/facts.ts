import type { Expression } from "../../languages/expression.ts";
import type { CallPlace } from "../../languages/typescript/call-chain.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { UseFact } from "../../languages/typescript/name-uses.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";

/** A definition of paths as it is written, with the places of its entries. */
export type DefinitionNode =
  | { readonly k: "object"; readonly entries: readonly DefinitionEntry[] }
  | { readonly k: "list"; readonly items: readonly DefinitionNode[] }
  | { readonly k: "value"; readonly value: Expression };

export interface DefinitionEntry {
  /** Null for something that is spread in, and for a computed name. */
  readonly name: string | null;
  /** A name that is computed: `[Channel.Email]`; null for any other. */
  readonly key: Expression | null;
  readonly node: DefinitionNode;
  /** Null where the text is not at hand: an object that a name stands for. */
  readonly span: Span | null;
  readonly hash: string;
}

interface Place {
  readonly nameSpan: Span;
  readonly nameHash: string;
  readonly span: Span;
  readonly hash: string;
}

/** `new Schema({…}, {…})`. */
export interface SchemaFact extends Place {
  /** Variable it is set to; null for one that is written in place. */
  readonly variable: string | null;
  readonly callee: Expression;
  readonly definition: DefinitionNode | null;
  readonly options: Expression | null;
  /** Span of the call: what tells schemas of a file apart. */
  readonly key: Span;
}

/** `@Schema() class Cat { @Prop() name: string }` of `@nestjs/mongoose`, or a base of such a class. */
export interface ClassFact extends Place {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly extends: Expression | null;
  readonly properties: readonly PropertyFact[];
  readonly documentation: string | null;
}

export interface PropertyFact {
  readonly name: string;
  /** Type annotation as written; null when there is none. */
  readonly type: string | null;
  readonly decorators: readonly Expression[];
  /** Argument of `@Prop`; null when there is none. */
  readonly definition: DefinitionNode | null;
  readonly documentation: string | null;
  readonly span: Span;
  readonly hash: string;
}

/** A call on a schema or a model that changes what its documents are: `schema.index({…})`. */
export interface StatementFact {
  readonly on: Expression;
  readonly method: string;
  readonly args: readonly Expression[];
  /** First argument of `add`. */
  readonly definition: DefinitionNode | null;
  readonly span: Span;
  readonly hash: string;
}

/** `mongoose.model("User", schema)`, `Base.discriminator("Child", schema)`. */
export interface ModelFact {
  /** What a discriminator is one of; null for a model of its own. */
  readonly base: Expression | null;
  readonly name: Expression;
  readonly schema: Expression;
  /** Third argument: a collection's name, or the value that marks a discriminator. */
  readonly collection: Expression | null;
  readonly variable: string | null;
  readonly span: Span;
  readonly hash: string;
}

export interface QueryFact extends CallPlace {
  /** The model's variable; the model's name where it is injected. */
  readonly target: Expression;
  readonly isName: boolean;
  readonly method: string;
  readonly operation: "select" | "insert" | "update" | "delete";
}

export interface CodeFact {
  readonly kind: "code";
  readonly values: ModuleValues;
  readonly schemas: readonly SchemaFact[];
  readonly classes: readonly ClassFact[];
  readonly statements: readonly StatementFact[];
  readonly models: readonly ModelFact[];
  /** Lists of `MongooseModule.forFeature([…])`. */
  readonly features: readonly Expression[];
  readonly queries: readonly QueryFact[];
  readonly uses: readonly UseFact[];
  /** `mongoose.pluralize(null)`: collections are called like their models. */
  readonly keepsNames: boolean;
}

export type MongooseFacts = CodeFact | { readonly kind: "config"; readonly config: ProjectConfig };
