import { constantText, each } from "../../database/sql/parse-tree.ts";

/** Longer texts are no values that rows repeat. */
const LONGEST = 40;

/** Texts and numbers that stand in parsed SQL, without the stars of a pattern. */
export function constantsOf(tree: unknown): readonly string[] {
  const found = new Set<string>();
  each(tree, (node) => {
    const text = constantText(node);
    if (text !== null) found.add(text.replace(/^%+|%+$/g, ""));
    if ("A_Const" in node && node.A_Const.ival !== undefined) found.add(String(node.A_Const.ival.ival ?? 0));
    if ("A_Const" in node && node.A_Const.fval?.fval !== undefined) found.add(node.A_Const.fval.fval);
    return true;
  });
  return [...found].filter((text) => text.length <= LONGEST);
}
