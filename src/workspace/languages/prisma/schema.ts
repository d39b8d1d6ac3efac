import type { Span } from "../../source.ts";
import type { Argument, Expression } from "../expression.ts";

/** `@id`, `@db.VarChar(40)`, `@@index([a, b(sort: Desc)])`. */
export interface PrismaAttribute {
  /** Without its signs: `id`, `db.VarChar`, `index`. */
  readonly name: string;
  readonly args: readonly Argument[];
  readonly span: Span;
  readonly hash: string;
}

export interface PrismaField {
  readonly name: string;
  /** Scalar, enum, model or composite type; "Unsupported" with its text in `unsupported`. */
  readonly type: string;
  readonly unsupported: string | null;
  readonly list: boolean;
  readonly optional: boolean;
  readonly attributes: readonly PrismaAttribute[];
  readonly documentation: string | null;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** A model, a view or a composite type. */
export interface PrismaModel {
  readonly kind: "model" | "view" | "type";
  readonly name: string;
  readonly fields: readonly PrismaField[];
  readonly attributes: readonly PrismaAttribute[];
  readonly documentation: string | null;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

export interface PrismaEnum {
  readonly name: string;
  readonly values: readonly {
    readonly name: string;
    readonly attributes: readonly PrismaAttribute[];
    readonly documentation: string | null;
    readonly span: Span;
  }[];
  readonly attributes: readonly PrismaAttribute[];
  readonly documentation: string | null;
  readonly nameSpan: Span;
  readonly span: Span;
}

export interface PrismaConfiguration {
  readonly kind: "datasource" | "generator";
  readonly name: string;
  readonly properties: readonly { readonly name: string; readonly value: Expression }[];
  readonly span: Span;
}

/** One file of a Prisma schema. JSON-serialisable; lists are in source order. */
export interface PrismaSchemaFile {
  readonly models: readonly PrismaModel[];
  readonly enums: readonly PrismaEnum[];
  readonly configurations: readonly PrismaConfiguration[];
  /** Ranges that were not understood. */
  readonly errors: readonly { readonly span: Span; readonly hash: string }[];
}
