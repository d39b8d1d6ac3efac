import type { FieldSpec } from "./field-spec.ts";
import type { ModelState, NamedPart } from "./migration-state.ts";

/** One change of the database that an operation of a migration asks for, with what is needed to undo it. */
export type Change =
  | { readonly kind: "create-table"; readonly model: ModelState }
  | { readonly kind: "drop-table"; readonly model: ModelState }
  | { readonly kind: "rename-table"; readonly from: ModelState; readonly to: ModelState }
  | { readonly kind: "add-field"; readonly model: ModelState; readonly field: FieldSpec }
  | { readonly kind: "drop-field"; readonly model: ModelState; readonly field: FieldSpec }
  | {
      readonly kind: "alter-field";
      readonly model: ModelState;
      readonly from: FieldSpec;
      readonly to: FieldSpec;
    }
  | {
      readonly kind: "add-index";
      readonly model: ModelState;
      readonly index: NamedPart;
      readonly concurrently: boolean;
    }
  | {
      readonly kind: "drop-index";
      readonly model: ModelState;
      readonly index: NamedPart;
      readonly concurrently: boolean;
    }
  | { readonly kind: "rename-index"; readonly model: ModelState; readonly from: string; readonly to: string }
  | {
      readonly kind: "add-constraint";
      readonly model: ModelState;
      readonly constraint: NamedPart;
      readonly valid: boolean;
    }
  | {
      readonly kind: "drop-constraint";
      readonly model: ModelState;
      readonly constraint: NamedPart;
      readonly valid: boolean;
    }
  | {
      readonly kind: "together";
      readonly model: ModelState;
      readonly unique: boolean;
      readonly from: readonly (readonly string[])[];
      readonly to: readonly (readonly string[])[];
    }
  /** Statements that are given; null where they are not known. */
  | {
      readonly kind: "statements";
      readonly forward: readonly string[] | null;
      readonly backward: readonly string[] | null;
    };

/** The change that undoes another. */
export function invert(change: Change): Change {
  switch (change.kind) {
    case "create-table":
      return { ...change, kind: "drop-table" };
    case "drop-table":
      return { ...change, kind: "create-table" };
    case "rename-table":
      return { ...change, from: change.to, to: change.from };
    case "add-field":
      return { ...change, kind: "drop-field" };
    case "drop-field":
      return { ...change, kind: "add-field" };
    case "alter-field":
      return { ...change, from: change.to, to: change.from };
    case "add-index":
      return { ...change, kind: "drop-index" };
    case "drop-index":
      return { ...change, kind: "add-index" };
    case "rename-index":
      return { ...change, from: change.to, to: change.from };
    case "add-constraint":
      return { ...change, kind: "drop-constraint" };
    case "drop-constraint":
      return { ...change, kind: "add-constraint" };
    case "together":
      return { ...change, from: change.to, to: change.from };
    case "statements":
      return { ...change, forward: change.backward, backward: change.forward };
  }
}
