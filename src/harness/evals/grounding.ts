import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence, PromptPack } from "../../protocol/prompt-pack.ts";
import { hashText } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { isWithin } from "../../workspace/is-within.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import { failed, passed } from "./verdict.ts";

/** More than these are not worth a person's attention. */
const MOST_PROBLEMS = 5;
/** Stands where a secret stood. */
const REDACTED = "[redacted:";
/** Words of ours that stand at the beginning of statements, not of the source. */
const PROSE = new Set([
  "any",
  "check",
  "foreign",
  "function",
  "handler",
  "here",
  "key",
  "mounted",
  "place",
  "primary",
  "unique",
  "unnamed",
  "written",
]);
/** Said of what a framework adds by itself: it stands nowhere, so what it follows from is cited. */
const DERIVED = /\bimplied by\b|^- primary-key\b/;
const OF_FRAMEWORK = /\bfilled by the database\b|\binherited from\b/;
/** A place that only names something: what is said of it stands elsewhere in the file. */
const ONLY_A_NAME = /^@?[\w.]+(?:\([^()]*\))?$/;
/** In these sections a statement begins with the name of a migration or a rule, and is about an object after it. */
const ABOUT_OTHERS = /migration|operation|finding|issue/;

/**
 * Every statement of a pack that cites a place is about what stands there, and every line it quotes stands in its file at
 * its number. Looks at the files themselves, past everything that read them into the catalog.
 */
export async function grounded({ pack }: Outcome, roots: readonly WorkspaceRoot[]): Promise<Score> {
  if (pack === null) return failed("Only a flow has statements with evidence.");
  const files = new SourceFiles(roots);
  const places = new Map<string, Place>();
  const problems: string[] = [];
  for (const evidence of pack.evidence) {
    const text = await files.cut(evidence);
    if (text === null) problems.push(`${evidence.id}: there is no ${placeOf(evidence)}`);
    else if (hashText(text) !== evidence.hash)
      problems.push(`${evidence.id}: ${placeOf(evidence)} holds something else than what was read`);
    else {
      const isName = ONLY_A_NAME.test(text);
      places.set(evidence.id, {
        text,
        names: `${evidence.uri}\n${isName ? await files.whole(evidence.uri) : `${await files.before(evidence)}${text}`}`,
        isWhole: isName || evidence.label.startsWith("model "),
      });
    }
  }
  const { statements, quotations } = readStatements(pack);
  for (const statement of statements)
    if (!isAbout(statement, places))
      problems.push(`"${statement.text}" cites ${statement.cites.join(", ")}, where nothing of it stands`);
  for (const { line, text, uri, cites } of quotations) {
    if (text.includes(REDACTED)) continue;
    const uris = uri === null ? [...new Set(pack.evidence.map((each) => each.uri))] : [uri];
    const isCited = cites.some((id) => squeezed(places.get(id)?.text ?? "").includes(squeezed(text)));
    if (!isCited && !(await files.someHas(uris, line, text, uri !== null)))
      problems.push(`line ${line} is quoted as "${text.trim()}", and is not`);
  }
  const checked = `${pack.evidence.length} places, ${statements.length} statements, ${quotations.length} quoted lines`;
  if (problems.length > 0)
    return failed(
      [
        ...problems.slice(0, MOST_PROBLEMS),
        ...(problems.length > MOST_PROBLEMS ? [`… ${problems.length} in all`] : []),
      ].join("\n"),
    );
  return pack.evidence.length + statements.length === 0
    ? failed("The pack states nothing that could be looked up.")
    : passed(checked);
}

interface Place {
  readonly text: string;
  /** Where names are looked for: the text, with the file's name, for frameworks that name things after their files. */
  readonly names: string;
  /** It only names a whole definition, or is one. */
  readonly isWhole: boolean;
}

interface Statement {
  /** Of the section that it stands in. */
  readonly title: string;
  readonly text: string;
  readonly cites: readonly string[];
}

interface Quotation {
  /** One-based. */
  readonly line: number;
  readonly text: string;
  /** Null where the section does not say it: one of the pack's files. */
  readonly uri: string | null;
  readonly cites: readonly string[];
}

/** What stands in the fences of the prompt: statements with their citations, and quoted lines. */
function readStatements({ user_prompt: prompt }: Pick<PromptPack, "user_prompt">): {
  readonly statements: readonly Statement[];
  readonly quotations: readonly Quotation[];
} {
  const statements: Statement[] = [];
  const quotations: Quotation[] = [];
  for (const section of prompt.matchAll(/^<<<(DATA-\w+) (.*)\n([\s\S]*?)\n\1>>>$/gm)) {
    const [, , title = "", body = ""] = section;
    for (const line of body.split("\n")) {
      const numbered = /(?:^|\s)source$/.test(title) ? /^ *(\d+) {2}(.*)$/.exec(line) : null;
      if (numbered) {
        quotations.push({ line: Number(numbered[1]), text: numbered[2] ?? "", uri: null, cites: [] });
        continue;
      }
      const cited = /^(.*?)((?: \[E\d+\])+)$/.exec(line);
      if (!cited) continue;
      const [, text = "", ids = ""] = cited;
      const cites = [...ids.matchAll(/E\d+/g)].map(([id]) => id);
      const site = /^- ([^\s:]+):(\d+)(?:-\d+)?: (?:in [^:]+: )?(.*)$/.exec(text);
      if (site) quotations.push({ line: Number(site[2]), text: site[3] ?? "", uri: site[1] ?? "", cites });
      else statements.push({ title, text, cites });
    }
  }
  return { statements, quotations };
}

/** Whether one of the places that a statement cites holds a name that it begins with. */
function isAbout({ title, text, cites }: Statement, places: ReadonlyMap<string, Place>): boolean {
  const cited = cites.flatMap((id) => places.get(id) ?? []);
  const isOfFramework = OF_FRAMEWORK.test(text) && cited.some(({ isWhole }) => isWhole);
  if (cited.length === 0 || DERIVED.test(text) || isOfFramework) return true;
  const [head = ""] = text.split(/[:;]\s/, 1);
  const names = namesIn(ABOUT_OTHERS.test(title) ? text : head);
  return (
    names.length === 0 ||
    cited.some((place) => names.some((parts) => parts.every((part) => mentions(place.names, part))))
  );
}

/** Names of the source in a text, each as its parts in small letters. What something lies in says nothing of it. */
function namesIn(text: string): readonly (readonly string[])[] {
  return text
    .replace(/[\p{L}\p{N}_]+\.(?=\p{L})/gu, "")
    .split(/[^\p{L}\p{N}_]+/u)
    .map((name) =>
      name
        .replace(/(\p{Ll})(\p{Lu})/gu, "$1_$2")
        .toLowerCase()
        .split("_")
        .filter((part) => part.length > 2 && !/^\d+$/.test(part) && !PROSE.has(part)),
    )
    .filter((parts) => parts.length > 0);
}

/** A name counts in the singular, too: a table is called after many, a model after one. */
function mentions(place: string, name: string): boolean {
  const text = place.toLowerCase();
  return text.includes(name) || (name.endsWith("s") && name.length > 3 && text.includes(name.slice(0, -1)));
}

function placeOf({ uri, range }: Evidence): string {
  return `${uri}:${range.start.line + 1}`;
}

/** Files of the workspace as they lie on the disk now. */
class SourceFiles {
  readonly #roots: readonly WorkspaceRoot[];
  readonly #lines = new Map<string, Promise<readonly string[] | null>>();

  constructor(roots: readonly WorkspaceRoot[]) {
    this.#roots = roots;
  }

  /** The text of a range; null when there is no such place. */
  async cut({ uri, range: { start, end } }: Evidence): Promise<string | null> {
    const lines = await this.#linesOf(uri);
    if (lines === null || end.line >= lines.length || start.line > end.line) return null;
    const cut = lines.slice(start.line, end.line + 1);
    const last = cut.length - 1;
    cut[last] = cut[last]?.slice(0, end.character) ?? "";
    cut[0] = cut[0]?.slice(start.character) ?? "";
    return cut.join("\n");
  }

  /** What stands before a range in its first line: the name that its value is given. */
  async before({ uri, range: { start } }: Evidence): Promise<string> {
    return ((await this.#linesOf(uri))?.[start.line] ?? "").slice(0, start.character);
  }

  async whole(uri: string): Promise<string> {
    return ((await this.#linesOf(uri)) ?? []).join("\n");
  }

  /** Whether one of the files has a text in its line of a number; `part`: in a part of it. */
  async someHas(uris: readonly string[], number: number, text: string, part: boolean): Promise<boolean> {
    const wanted = squeezed(text);
    for (const uri of uris) {
      const line = squeezed((await this.#linesOf(uri))?.[number - 1] ?? "");
      if (part ? line.includes(wanted) : line === wanted) return true;
    }
    return false;
  }

  #linesOf(uri: string): Promise<readonly string[] | null> {
    const known = this.#lines.get(uri);
    if (known) return known;
    const reading = this.#read(uri);
    this.#lines.set(uri, reading);
    return reading;
  }

  async #read(uri: string): Promise<readonly string[] | null> {
    const [only] = this.#roots;
    const root = this.#roots.length === 1 ? only : this.#roots.find(({ name }) => uri.startsWith(`${name}/`));
    if (!root) return null;
    const inside = this.#roots.length === 1 ? uri : uri.slice(root.name.length + 1);
    try {
      const path = await realpath(join(root.path, inside));
      if (!isWithin(path, await realpath(root.path))) return null;
      return (await readFile(path, "utf8")).split("\n");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return null;
    }
  }
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
