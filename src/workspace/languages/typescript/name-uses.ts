import { hashText } from "../../hash.ts";
import type { Span } from "../../source.ts";
import type { TypeScriptModule, TypeScriptReference } from "./module.ts";

/** A name in a file that may stand for a model. */
export interface UseFact {
  readonly name: string;
  readonly span: Span;
  readonly hash: string;
  readonly within: string | null;
  readonly line: string;
}

/** The references of a file that `isMeant` keeps. */
export function usesOf(
  { references, lines }: TypeScriptModule,
  isMeant: (reference: TypeScriptReference) => boolean,
): readonly UseFact[] {
  return references
    .filter(isMeant)
    .map(({ name, span, within, line }) => ({ name, span, hash: hashText(lines.slice(span)), within, line }));
}

/** Names that a file imports from the workspace itself, as far as their paths tell. */
export function namesFromWorkspace({ imports }: TypeScriptModule): readonly string[] {
  return imports.filter(({ module: from }) => /^[.@~#]|^src\//.test(from)).map(({ alias }) => alias);
}
