import { parse } from "@babel/parser";

export interface ReadTexts {
  /** The English texts that a file translates. */
  readonly texts: readonly string[];
  /** `file:line: what is wrong`. */
  readonly breaches: readonly string[];
}

/** As much of a node of the syntax tree as is looked at here. */
interface SyntaxNode {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } } | null;
  readonly [key: string]: unknown;
}

/** Calls that put their first argument, or for errors their second, before a person's eyes. */
const SHOWING: ReadonlyMap<string, number> = new Map([
  ["showInformationMessage", 0],
  ["showWarningMessage", 0],
  ["showErrorMessage", 0],
  ["setStatusBarMessage", 0],
  ["TreeItem", 0],
  ["CodeAction", 0],
  ["AksaraError", 1],
]);

/** Properties, of objects and by assignment, that are shown as they stand. */
const SHOWN = new Set([
  "description",
  "detail",
  "hint",
  "label",
  "placeHolder",
  "prompt",
  "title",
  "tooltip",
]);

/** Attributes of a page's elements that are shown or spoken. */
const SPOKEN = /\b(?:alt|aria-label|aria-description|label|placeholder|title)="([^"]*)"/g;

/**
 * Reads the texts of one file of the host or of a page: first arguments of `vscode.l10n.t()` and, in a page, of the
 * `t()` of `webview/ui/l10n.ts`. What cannot be collected, or is shown without being translated, is a breach.
 * @param fromRegistry Whether the file may translate what is not a literal.
 */
export function readTexts(file: string, source: string, fromRegistry: boolean): ReadTexts {
  const texts: string[] = [];
  const breaches: string[] = [];
  const page = file.startsWith("webview/");
  // The manifest's specs are English by themselves; package.nls.json carries them to the translations.
  const inManifest = file.startsWith("src/hosts/vscode/manifest/");
  const say = (node: SyntaxNode, what: string) =>
    breaches.push(`${file}:${node.loc?.start.line ?? 0}: ${what}`);

  const readCall = (call: SyntaxNode, args: readonly SyntaxNode[]) => {
    const [first] = args;
    const text = literal(first);
    if (text === null) {
      if (!fromRegistry) say(call, "the text to translate is not a literal");
      return;
    }
    texts.push(text);
    const wanted = placeholders(text).length;
    const spread = args.some((arg) => arg.type === "SpreadElement");
    if (!spread && wanted !== args.length - 1)
      say(call, `${args.length - 1} values for ${wanted} placeholders in ${JSON.stringify(text)}`);
  };

  const readPlain = (node: SyntaxNode | undefined) => {
    const text = plainWords(node);
    if (node && text !== null) say(node, `shown without being translated: ${JSON.stringify(text)}`);
  };

  walk(parse(source, { sourceType: "module", plugins: ["typescript"] }).program as unknown as SyntaxNode);
  return { texts, breaches };

  function walk(node: SyntaxNode): void {
    look(node);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child);
    }
  }

  function look(node: SyntaxNode): void {
    switch (node.type) {
      case "CallExpression":
      case "NewExpression": {
        const args = nodes(node.arguments);
        const name = calledName(node.callee);
        if (name === "vscode.l10n.t" || (page && name === "t")) readCall(node, args);
        const shown = SHOWING.get(name.slice(name.lastIndexOf(".") + 1));
        if (shown !== undefined) readPlain(args[shown]);
        return;
      }
      case "ObjectProperty":
        if (!inManifest && SHOWN.has(keyName(node))) readPlain(node.value as SyntaxNode);
        return;
      case "AssignmentExpression":
        if (SHOWN.has(calledName(node.left).replace(/^.*\./, ""))) readPlain(node.right as SyntaxNode);
        return;
      case "TaggedTemplateExpression":
        if (calledName(node.tag) === "html") {
          const words = htmlWords(node.quasi as SyntaxNode);
          if (words !== "") say(node, `shown without being translated: ${JSON.stringify(words)}`);
        }
    }
  }
}

/** The numbers of a text's placeholders, each once. */
export function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\d+)\}/g)].map((match) => match[1] ?? ""))].sort();
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}

function nodes(value: unknown): readonly SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** `vscode.l10n.t` for such a callee; "" for anything but names. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return "";
  if (callee.type === "Identifier") return String(callee.name);
  if (callee.type !== "MemberExpression" || callee.computed) return "";
  const object = calledName(callee.object);
  return `${object === "" ? "…" : object}.${calledName(callee.property)}`;
}

function keyName({ key, computed }: SyntaxNode): string {
  return !computed && isNode(key) ? String(key.name ?? key.value ?? "") : "";
}

function literal(node: SyntaxNode | undefined): string | null {
  return node?.type === "StringLiteral" ? String(node.value) : null;
}

/** Words written in the source that a person would read: names of the product and codicons are none. */
function plainWords(node: SyntaxNode | undefined): string | null {
  if (!node) return null;
  const parts = node.type === "TemplateLiteral" ? nodes(node.quasis).map(cooked) : [literal(node) ?? ""];
  const words = parts.join("").replace(/\$\([a-z0-9-]*\)?|Aksara( Studio)?/g, "");
  return /[A-Za-z]{2,}/.test(words) ? words.trim() : null;
}

/** Words between the tags of a template and in attributes that are shown or spoken. */
function htmlWords(quasi: SyntaxNode): string {
  const markup = nodes(quasi.quasis).map(cooked).join("\u0000");
  const attributes = [...markup.matchAll(SPOKEN)].map((match) => match[1] ?? "");
  const between = markup.replace(/<!--[\s\S]*?-->|<[^>]*>/g, " ");
  return [...attributes, between]
    .flatMap((text) => text.match(/[A-Za-z][A-Za-z ]*[A-Za-z]/g) ?? [])
    .join(", ");
}

function cooked(element: SyntaxNode): string {
  return String((element.value as { readonly cooked?: unknown }).cooked ?? "");
}
