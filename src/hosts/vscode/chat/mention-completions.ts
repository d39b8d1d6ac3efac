import type { FlowTarget } from "../../../flows/context-of.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import { CatalogSearch } from "../../../harness/catalog-search/catalog-search.ts";
import { FLOW_KINDS } from "../../../protocol/action.ts";
import type { ChatCompletion } from "../../../protocol/chat.ts";
import type { CatalogView } from "../studio.ts";
import { idOf, labelOf, targetsOf } from "../views/describe-target.ts";
import { attachFile } from "./attach.ts";
import { MENTION_KINDS, type MentionKind, mentionKind, mentionOf } from "./mentions.ts";
import { nameFit } from "./name-fit.ts";

/** Most that is offered where any kind fits, and where one was chosen. */
const OF_ALL = 14;
const OF_ONE = 60;
/** Of each kind, where nothing was typed yet. */
const FIRST_OF_KIND = 2;
/** A name that comes later counts a little less than the same fit of one before it. */
const LATER_NAME = 0.1;
/** Shorter words are no names that could be mistyped. */
const SHORTEST_TYPO = 3;

/** What can be offered. */
export interface MentionSources {
  readonly view: CatalogView;
  /** What a person has before them, the nearest first. */
  readonly near: readonly FlowTarget[];
  /** Files of the workspace; empty while they are not looked for. */
  readonly files: readonly string[];
}

interface Candidate {
  readonly kind: MentionKind;
  /** Id of the catalog, or of the issue; the path of a file. */
  readonly id: string;
  /** By what it is looked for, its own name first. */
  readonly names: readonly string[];
  readonly option: ChatCompletion;
}

/** Finds objects of the workspace by what a person has typed of them. Nothing is looked through before the first time. */
export class MentionCompletions {
  readonly #search = new CatalogSearch({
    indexPath: null,
    rebuildOnStart: true,
    writeThrough: false,
    described: [],
  });
  #view: CatalogView | null = null;
  #candidates: readonly Candidate[] = [];

  /** What fits, the best first. `typed` is what stands behind the `@`: `Ord`, `model:Ord`, `file:"my`. */
  async find(typed: string, sources: MentionSources): Promise<readonly ChatCompletion[]> {
    const { kind, name } = readTyped(typed);
    const all = [...this.#objectsOf(sources.view), ...sources.files.flatMap(fileCandidate)].filter(
      (candidate) => kind === null || candidate.kind === kind,
    );
    const found = name === "" ? this.#first(all, sources, kind) : await this.#best(name, all, sources.view);
    return found.slice(0, kind === null ? OF_ALL : OF_ONE).map(({ option }) => option);
  }

  #objectsOf(view: CatalogView): readonly Candidate[] {
    if (this.#view !== view) {
      this.#view = view;
      this.#candidates = FLOW_KINDS.flatMap((kind) =>
        targetsOf(view, kind).flatMap((target) => candidateOf(target, view)),
      );
    }
    return this.#candidates;
  }

  /** What is near, then some of what there is. */
  #first(
    all: readonly Candidate[],
    { near }: MentionSources,
    kind: MentionKind | null,
  ): readonly Candidate[] {
    const ids = near.map(idOf);
    const nearest = ids.flatMap((id) => all.find((candidate) => candidate.id === id) ?? []);
    const rest = all.filter((candidate) => !nearest.includes(candidate));
    if (kind !== null) return [...nearest, ...rest];
    return [
      ...nearest,
      ...MENTION_KINDS.flatMap((each) => rest.filter((it) => it.kind === each).slice(0, FIRST_OF_KIND)),
    ];
  }

  /** By name; where too little has such a name, also by other words, and by words that look like the typed one. */
  async #best(name: string, all: readonly Candidate[], view: CatalogView): Promise<readonly Candidate[]> {
    const named = all
      .flatMap((candidate) => {
        const fits = candidate.names.flatMap((each, at) => {
          const fit = nameFit(name, each);
          return fit === null ? [] : [fit + at * LATER_NAME];
        });
        return fits.length === 0 ? [] : [{ candidate, fit: Math.min(...fits) }];
      })
      .sort(
        (a, b) =>
          a.fit - b.fit ||
          orderOf(a.candidate) - orderOf(b.candidate) ||
          a.candidate.option.label.length - b.candidate.option.label.length,
      )
      .map(({ candidate }) => candidate);
    if (named.length >= OF_ALL || name.length < SHORTEST_TYPO) return named;
    const hits = await this.#search.search(name, view.catalog, OF_ALL);
    const ids = hits.map(({ document }) => document.id.replace(/#[^#]*$/, ""));
    const others = [...new Set(ids)].flatMap((id) => all.find((candidate) => candidate.id === id) ?? []);
    return [...named, ...others.filter((candidate) => !named.includes(candidate))];
  }
}

/** The kinds that could be meant, as beginnings of a mention. */
export function kindsFor(typed: string): readonly MentionKind[] {
  return /[:"]/.test(typed) ? [] : MENTION_KINDS.filter((kind) => kind.startsWith(typed.toLowerCase()));
}

/** The kind that was chosen already; null while it is open. */
export function kindTyped(typed: string): MentionKind | null {
  return readTyped(typed).kind;
}

function readTyped(typed: string): { readonly kind: MentionKind | null; readonly name: string } {
  const [, word, rest] = /^([a-z]+):"?([\s\S]*)$/i.exec(typed) ?? [];
  const kind = MENTION_KINDS.find((each) => each === word?.toLowerCase()) ?? null;
  return kind === null ? { kind, name: typed } : { kind, name: rest ?? "" };
}

function candidateOf(target: FlowTarget, view: CatalogView): readonly Candidate[] {
  const insert = mentionOf(target, view.catalog);
  if (insert === null) return [];
  const isIssue = target.kind === "diagnostic";
  const label = labelOf(target);
  const place = placeText(isIssue ? target.finding.source : target);
  const detail = isIssue ? `${target.finding.rule} · ${place}` : place;
  const names = isIssue
    ? [label, target.finding.rule]
    : [target.name, label, ...(target.kind === "model" ? [target.table ?? ""] : [])];
  return [
    {
      kind: mentionKind(target.kind),
      id: idOf(target),
      names: names.filter((each) => each !== ""),
      option: { insert, label, detail, icon: target.kind, goesOn: false },
    },
  ];
}

function fileCandidate(uri: string): readonly Candidate[] {
  const { label, mention: insert } = attachFile(uri);
  if (insert === null) return [];
  const option = { insert, label, detail: uri, icon: "file" as const, goesOn: false };
  return [{ kind: "file", id: uri, names: [label, uri], option }];
}

function orderOf({ kind }: Candidate): number {
  return MENTION_KINDS.indexOf(kind);
}
