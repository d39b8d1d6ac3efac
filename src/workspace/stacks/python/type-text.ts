import type { Expression } from "../../languages/expression.ts";

const NOWHERE = [0, 0, 0, 0] as const;

/** A type written as text (`"list[Author] | None"`, a forward reference) as an expression; null for anything else. */
export function parseTypeText(text: string): Expression | null {
  const tokens = text.match(/[A-Za-z_][\w.]*|[[\],|]|\S/g) ?? [];
  let at = 0;

  const union = (): Expression | null => {
    let left = single();
    while (left && tokens[at] === "|") {
      at++;
      const right = single();
      if (!right) return null;
      left = { k: "binary", op: "|", left, right, span: NOWHERE };
    }
    return left;
  };
  const single = (): Expression | null => {
    const token = tokens[at];
    if (!token || !/^[A-Za-z_]/.test(token)) return null;
    at++;
    const of = named(token);
    if (tokens[at] !== "[") return of;
    at++;
    const index: Expression[] = [];
    while (tokens[at] !== "]") {
      const item = union();
      if (!item) return null;
      index.push(item);
      if (tokens[at] === ",") at++;
      else if (tokens[at] !== "]") return null;
    }
    at++;
    return { k: "subscript", of, index, span: NOWHERE };
  };
  const found = union();
  return at === tokens.length ? found : null;
}

function named(dotted: string): Expression {
  const [first = "", ...rest] = dotted.split(".");
  return rest.reduce<Expression>((of, name) => ({ k: "member", of, name, span: NOWHERE }), {
    k: "name",
    value: first,
    span: NOWHERE,
  });
}
