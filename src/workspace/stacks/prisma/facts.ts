import type { PrismaSchemaFile } from "../../languages/prisma/schema.ts";
import type { ModuleNames } from "../../languages/typescript/name-resolution.ts";
import type { UseFact } from "../../languages/typescript/name-uses.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";

/** Keys of the arguments of a call, as far as they are written out: `{include: {items: {}}}`. */
export interface ArgumentShape {
  readonly [key: string]: ArgumentShape;
}

/** `prisma.user.findMany({…})`: whether `user` is a model is decided when the schema is known. */
export interface DelegateCall {
  /** `prisma`, `this.db`, `tx`; the last name decides whether it looks like a client. */
  readonly client: string;
  /** The client is known to be one: created, typed or handed over by `$transaction` in this file. */
  readonly known: boolean;
  readonly delegate: string;
  readonly operation: string;
  readonly shape: ArgumentShape;
  /** What is not written out in the arguments; null when everything is. */
  readonly approximate: string | null;
  readonly within: string | null;
  readonly text: string;
  readonly line: string;
  /** `prisma.user`. */
  readonly delegateSpan: Span;
  readonly delegateHash: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** `$queryRaw`, `$executeRaw` and their `Unsafe` forms. */
export interface RawCall {
  readonly method: string;
  /** SQL around the values: one item more than there are placeholders. Null when there is no text at all. */
  readonly pieces: readonly string[] | null;
  readonly approximate: string | null;
  readonly within: string | null;
  readonly text: string;
  readonly line: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

export type PrismaFacts =
  | { readonly kind: "schema"; readonly file: PrismaSchemaFile }
  | {
      readonly kind: "code";
      readonly names: ModuleNames;
      readonly calls: readonly DelegateCall[];
      readonly raw: readonly RawCall[];
      /** Names that may be types of the generated client: `User`, `Prisma.UserWhereInput`. */
      readonly types: readonly UseFact[];
    }
  | { readonly kind: "config"; readonly config: ProjectConfig };
