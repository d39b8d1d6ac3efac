/** Code points of the icons in use, by their names in the codicon font; a test compares them with the font's own list. */
export const ICON_GLYPHS = {
  "arrow-right": 0xea9c,
  check: 0xeab2,
  copy: 0xebcc,
  database: 0xeace,
  error: 0xea87,
  flame: 0xeaf2,
  "git-commit": 0xeafc,
  globe: 0xeb01,
  history: 0xea82,
  info: 0xea74,
  issues: 0xeb0c,
  lightbulb: 0xea61,
  lock: 0xea75,
  pass: 0xeba4,
  question: 0xeb32,
  refresh: 0xeb37,
  search: 0xea6d,
  sparkle: 0xec10,
  "symbol-class": 0xeb5b,
  terminal: 0xea85,
  warning: 0xea6c,
} as const;

export type IconName = keyof typeof ICON_GLYPHS;
