import type { SourceRef } from "../source.ts";
import type { CatalogEntry } from "./entry.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "ANY";

export interface RouteParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  /** Type as declared (`int`, `uuid`, `z.string()`); null when nothing is declared. */
  readonly type: string | null;
  readonly required: boolean;
}

/** Something that must let a request pass, or says explicitly that nothing must. */
export interface Guard {
  readonly name: string;
  /** `validation` looks at the form of what is sent, whoever sends it. */
  readonly kind:
    | "authentication"
    | "permission"
    | "middleware"
    | "validation"
    | "throttle"
    | "csrf-exempt"
    | "unknown";
  /** Where it was attached, from the widest to the narrowest. */
  readonly scope: "global" | "group" | "class" | "inherited" | "method";
  /**
   * `require` stops some requests; `identify` finds out who asks and stops nobody for being a stranger (DRF's
   * authentication classes); `allow-any` is written to stop none; `unknown` was not understood.
   */
  readonly effect: "require" | "identify" | "allow-any" | "unknown";
  readonly source: SourceRef;
}

/** A declared shape of a body or a response: a serializer, a schema, a type. */
export interface ShapeRef {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string | null;
    readonly required: boolean;
    readonly readOnly: boolean;
  }[];
  /** Catalog id of the model behind the shape, where it is derived from one. */
  readonly modelId: string | null;
  readonly source: SourceRef | null;
}

/** One method on one full path. */
export interface Route extends CatalogEntry {
  readonly kind: "route";
  readonly method: HttpMethod;
  /** Full path after mounting, parameters in the framework's own notation: `/api/products/<pk>/`, `/users/:id`. */
  readonly path: string;
  readonly parameters: readonly RouteParameter[];
  /** Dotted or qualified name of what answers: `ProductViewSet.list`. */
  readonly handler: string;
  readonly handlerSource: SourceRef | null;
  readonly guards: readonly Guard[];
  readonly body: ShapeRef | null;
  readonly response: ShapeRef | null;
  /** Where the path was put together: each mount from the root to the route itself. */
  readonly mounts: readonly SourceRef[];
  /** Catalog ids of models that the handler is declared for (queryset, serializer) or asks for. */
  readonly modelIds: readonly string[];
  /** Functions of the workspace that the handler leads to, the nearest first; absent where a reader follows no calls. */
  readonly reaches?: readonly SourceRef[];
}
