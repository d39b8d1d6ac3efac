import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AksaraError, isAksaraError } from "../../errors.ts";
import type { Risk } from "../../protocol/action.ts";
import type { ToolClass } from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import {
  type FileConsents,
  TOOL_CONSENT,
  type ToolExtent,
  toolExtentSchema,
} from "../approvals/file-consents.ts";
import { defineTool, NO_INTENT, type Tool, type ToolContext } from "../tools/tool.ts";
import { askToolFile } from "./run-tool-file.ts";
import { type ToolFileDescription, toolFileDescriptionSchema } from "./tool-file-protocol.ts";

/** Where tools of a workspace lie. */
export const TOOL_FILES_FOLDER = ".aksara/tools";
const LARGEST_FILE = 500_000;
const START_LIMIT = 10_000;

/** A file that wants to be a tool: a person looks at it before anything of it runs. */
export interface ToolFileQuestion {
  readonly uri: string;
  /** SHA-256 of its bytes: what a yes is for. */
  readonly hash: string;
  /** What it says of itself, as it stands in the text; null where that is not plain. */
  readonly declares: {
    readonly name: string | null;
    readonly class: string | null;
    readonly risk: string | null;
  };
  /** It was allowed before, and is another by now. */
  readonly changed: boolean;
}

/** Asks a person whether a file of the workspace may run as a tool. Port. */
export type AskForToolFile = (question: ToolFileQuestion, signal: AbortSignal) => Promise<boolean>;

export interface ToolFilesOptions {
  readonly roots: readonly WorkspaceRoot[];
  readonly consents: FileConsents;
  readonly childFile: string;
  readonly trusted: () => boolean;
  /** Null: nobody is here to ask, so only what was allowed before is used. */
  readonly ask: AskForToolFile | null;
}

export interface LoadedToolFiles {
  readonly tools: readonly Tool[];
  /** Files that are no tool of this session, with the reason, for people. */
  readonly left: readonly { readonly uri: string; readonly why: string }[];
}

interface ToolSource {
  readonly uri: string;
  readonly path: string;
  readonly root: WorkspaceRoot;
  readonly text: string;
  readonly hash: string;
}

/**
 * Tools that files of the workspace define. Nothing of a file runs before a person said yes to exactly its bytes; a
 * file that changes is asked about again, also in the middle of a session. What it said of itself with that yes holds:
 * another class under the same bytes is refused.
 */
export class ToolFiles {
  readonly #options: ToolFilesOptions;

  constructor(options: ToolFilesOptions) {
    this.#options = options;
  }

  async load(taken: (name: string) => boolean, signal: AbortSignal): Promise<LoadedToolFiles> {
    const left: { uri: string; why: string }[] = [];
    const tools: Tool[] = [];
    const places = await this.#list().catch((error: unknown) => {
      if (!isAksaraError(error)) throw error;
      left.push({ uri: TOOL_FILES_FOLDER, why: error.message });
      return [];
    });
    for (const place of places) {
      try {
        if (!this.#options.trusted()) throw refused("the workspace is not trusted");
        const source = await readSource(place);
        const description = await this.#describe(source, signal);
        const { name } = description;
        if (taken(name) || tools.some((tool) => tool.name === name))
          throw refused(`there is a tool called ${name} already`);
        tools.push(this.#toolOf(place, description, source.hash));
      } catch (error) {
        if (!isAksaraError(error) || error.code === "CANCELLED") throw error;
        left.push({ uri: place.uri, why: error.message });
      }
    }
    return { tools, left };
  }

  async #list(): Promise<readonly Place[]> {
    const { roots } = this.#options;
    const found: Place[] = [];
    for (const root of roots) {
      const folder = join(root.path, TOOL_FILES_FOLDER);
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
        throw refused(error.message);
      });
      const prefix = roots.length > 1 ? `${root.name}/` : "";
      // A link would lead to bytes that nobody has looked at.
      for (const entry of entries.filter((each) => each.isFile() && each.name.endsWith(".mjs")))
        found.push({
          uri: `${prefix}${TOOL_FILES_FOLDER}/${entry.name}`,
          path: join(folder, entry.name),
          root,
        });
    }
    return found.sort((a, b) => (a.uri < b.uri ? -1 : 1));
  }

  /** What a file says of itself, after a yes to its bytes. @throws TOOL_NOT_ALLOWED, TOOL_FAILED */
  async #describe(source: ToolSource, signal: AbortSignal): Promise<ToolFileDescription> {
    const { consents, ask } = this.#options;
    const before = await consents.last(TOOL_CONSENT, source.uri);
    const isAllowed = before?.hash === source.hash;
    const declares = declared(source.text);
    if (!isAllowed) {
      if (ask === null)
        throw refused(
          before === null
            ? "nobody has allowed it, and nobody is here to ask"
            : "it has changed since it was allowed, and nobody is here to ask",
        );
      const { uri, hash } = source;
      if (!(await ask({ uri, hash, declares, changed: before !== null }, signal)))
        throw refused("a person said no");
    }
    const description = await this.#ask(source, signal);
    const { name, class: toolClass, risk } = description;
    const shown = isAllowed && before ? extentOf(before.extent) : declares;
    for (const [what, is, was] of [
      ["name", name, shown.name],
      ["class", toolClass, shown.class],
      ["risk", risk, shown.risk],
    ] as const)
      if (was !== null && was !== is) throw refused(`its ${what} is ${is}, and ${was} is what was shown`);
    const extent: ToolExtent = { name, class: toolClass, risk };
    if (!isAllowed) await consents.give(TOOL_CONSENT, source.uri, source.hash, JSON.stringify(extent));
    return description;
  }

  async #isAllowed({ uri, hash }: ToolSource): Promise<boolean> {
    return (await this.#options.consents.find(TOOL_CONSENT, uri, hash)) !== null;
  }

  async #ask(source: ToolSource, signal: AbortSignal): Promise<ToolFileDescription> {
    const answer = await askToolFile(
      { type: "describe", source: source.text },
      { childFile: this.#options.childFile, cwd: source.root.path, timeoutMs: START_LIMIT, signal },
    );
    if (!answer.ok) throw new AksaraError("TOOL_FAILED", answer.message);
    const parsed = toolFileDescriptionSchema.safeParse(answer.value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new AksaraError("TOOL_FAILED", `${issue?.path.join(".")}: ${issue?.message}`);
  }

  #toolOf(place: Place, description: ToolFileDescription, hash: string): Tool {
    const { name, class: toolClass, risk } = description;
    return defineTool<unknown>({
      name,
      description: description.description,
      input: inputOf(description),
      class: toolClass as ToolClass,
      risk: risk as Risk,
      intend: async (input) => ({
        ...NO_INTENT,
        covers: toolClass === "read" ? null : sha256(JSON.stringify([place.uri, hash, input])),
      }),
      execute: async (input, context) => ({
        output: await this.#execute(place, description, hash, input, context),
      }),
    });
  }

  async #execute(
    place: Place,
    description: ToolFileDescription,
    hash: string,
    input: unknown,
    { files, signal, timeoutMs }: ToolContext,
  ): Promise<unknown> {
    if (files.overlay && description.class !== "read")
      throw new AksaraError(
        "TOOL_NOT_ALLOWED",
        `${description.name} does not run while changes are held back.`,
      );
    const source = await readSource(place);
    const isSame = source.hash === hash && (await this.#isAllowed(source));
    const now = isSame ? description : await this.#describe(source, signal);
    if (now.name !== description.name || now.class !== description.class || now.risk !== description.risk)
      throw refused("it says something else of itself now; start anew to use it");
    const { childFile, roots } = this.#options;
    const answer = await askToolFile(
      {
        type: "execute",
        source: source.text,
        input,
        context: { folders: roots.map(({ path }) => path), timeoutMs },
      },
      { childFile, cwd: source.root.path, timeoutMs: Math.max(100, timeoutMs - 250), signal },
    );
    if (answer.ok) return answer.value;
    throw new AksaraError("TOOL_FAILED", `${description.name} failed: ${answer.message}`);
  }
}

type Place = Pick<ToolSource, "uri" | "path" | "root">;

async function readSource(place: Place): Promise<ToolSource> {
  const bytes = await readFile(place.path).catch((error: Error) => {
    throw refused(error.message);
  });
  if (bytes.length > LARGEST_FILE) throw refused("it is larger than a tool is");
  return { ...place, text: bytes.toString("utf8"), hash: sha256(bytes) };
}

function extentOf(extent: string): ToolExtent {
  return toolExtentSchema.parse(JSON.parse(extent));
}

/** What stands plainly in the text, for the question; what the file then says of itself must be the same. */
function declared(text: string): ToolFileQuestion["declares"] {
  const value = (key: string) =>
    new RegExp(`^\\s*${key}\\s*:\\s*["']([^"'\\n]+)["']`, "m").exec(text)?.[1] ?? null;
  return { name: value("name"), class: value("class"), risk: value("risk") };
}

/** @throws TOOL_FAILED for a schema that cannot be read */
function inputOf({ inputSchema }: ToolFileDescription): z.ZodType<unknown> {
  try {
    const schema = z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0]);
    if (inputSchema.type === "object") return schema;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AksaraError("TOOL_FAILED", `inputSchema: ${reason}`);
  }
  throw new AksaraError("TOOL_FAILED", "inputSchema: it is no schema of an object.");
}

function refused(why: string): AksaraError {
  return new AksaraError("TOOL_NOT_ALLOWED", why, {
    hint: "A person allows a file by a yes to its content.",
  });
}
