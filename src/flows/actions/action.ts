import type { FlowKind, Risk } from "../../protocol/action.ts";

/** The fields of an action that a person reads, so that a surface may show them in another language. */
export const ACTION_TEXT_FIELDS = ["title", "description", "whatItDoes", "whatItCannotDo"] as const;

/** One action on one kind of object. The registry derives menus, commands, slash commands and help from these. */
export interface FlowAction {
  readonly key: string;
  readonly kind: FlowKind;
  /** Imperative, for menus: "Explain Model". */
  readonly title: string;
  readonly description: string;
  readonly risk: Risk;
  readonly whatItDoes: string;
  readonly whatItCannotDo: string;
  /** Keys of actions of the same kind. */
  readonly suggestedNext: readonly string[];
  /** Codicon for buttons and menus. */
  readonly icon: string;
  /** Ships with the product, or is defined by a workspace file whose body is the system prompt. */
  readonly origin:
    | { readonly kind: "shipped" }
    | { readonly kind: "file"; readonly uri: string; readonly prompt: string };
}
