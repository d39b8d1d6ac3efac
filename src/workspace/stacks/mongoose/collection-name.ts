/** Words without a plural of their own. Source: the list that Mongoose exports with its `pluralize`. */
const UNCOUNTABLE: ReadonlySet<string> = new Set(
  `advice energy excretion digestion cooperation health justice labour machinery equipment information pollution
sewage paper money species series rain rice fish sheep moose deer news expertise status media`.split(/\s+/),
);

/** Endings and what becomes of them; the first that fits counts. Source: the rules that Mongoose's `pluralize` applies. */
const ENDINGS: readonly (readonly [ending: RegExp, plural: string])[] = [
  [/human$/, "humans"],
  [/(m|wom)an$/, "$1en"],
  [/person$/, "people"],
  [/child$/, "children"],
  [/^ox$/, "oxen"],
  [/(ax|test)is$/, "$1es"],
  [/(octop|cact|foc|fung|nucle)us$/, "$1i"],
  [/(alias|status|virus)$/, "$1es"],
  [/bus$/, "buses"],
  [/(buffal|tomat|potat)o$/, "$1oes"],
  [/([ti])um$/, "$1a"],
  [/sis$/, "ses"],
  [/([^f])fe$/, "$1ves"],
  [/([lr])f$/, "$1ves"],
  [/hive$/, "hives"],
  [/([^aeiouy]|qu)y$/, "$1ies"],
  [/(x|ch|ss|sh)$/, "$1es"],
  [/(matr|vert|ind)ix/, "$1ices"],
  [/([ml|])ouse$/, "$1ice"],
  [/quiz$/, "quizzes"],
  [/^goose$/, "geese"],
  [/s$/, "s"],
  [/([^a-z])$/, "$1"],
];

/** The collection that Mongoose keeps documents of a model in, where no other name is given. */
export function collectionName(model: string): string {
  const word = model.toLowerCase();
  if (UNCOUNTABLE.has(word)) return word;
  const rule = ENDINGS.find(([ending]) => ending.test(word));
  return rule ? word.replace(rule[0], rule[1]) : `${word}s`;
}
