import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../../errors.ts";
import { Catalog } from "../catalog.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import { parsePython } from "../languages/python/outline.ts";
import { createPythonParser } from "../languages/python/parser.ts";
import { compareText } from "../source.ts";
import { STACKS } from "../stacks/registry.ts";

export interface WorkspaceRoot {
  readonly name: string;
  readonly path: string;
}

export interface WorkspaceIndexOptions {
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
}

export class WorkspaceIndex {
  readonly #options: WorkspaceIndexOptions;
  #catalog: Promise<Catalog> | null = null;

  constructor(options: WorkspaceIndexOptions) {
    this.#options = options;
  }

  catalog(options: { signal?: AbortSignal | undefined } = {}): Promise<Catalog> {
    this.#catalog ??= this.#read(options.signal);
    return this.#catalog;
  }

  refresh(_uris?: readonly string[]): void {
    this.#catalog = null;
  }

  async readText(uri: string): Promise<string> {
    const root = this.#options.roots[0];
    return readFileSync(join(root?.path ?? "", uri), "utf8");
  }

  async dispose(): Promise<void> {}

  async #read(signal: AbortSignal | undefined): Promise<Catalog> {
    const parser = await createPythonParser(this.#options.assets);
    const facts = STACKS.map(() => new Map<string, unknown>());
    let seen = 0;
    for (const root of this.#options.roots) {
      const entries = readdirSync(root.path, { recursive: true }).map(String).sort(compareText);
      for (const uri of entries) {
        throwIfCancelled(signal);
        if (!uri.endsWith(".py") || !statSync(join(root.path, uri)).isFile()) continue;
        seen++;
        const text = readFileSync(join(root.path, uri), "utf8");
        const module = parsePython(parser, text);
        STACKS.forEach((stack, index) => {
          const found = stack.extract({ uri, language: "python", text, python: () => module });
          if (found !== null) facts[index]?.set(uri, found);
        });
      }
    }
    const parts = STACKS.map((stack, index) => stack.resolve(facts[index] ?? new Map()));
    return new Catalog(
      {
        models: parts.flatMap((part) => part.models),
        routes: parts.flatMap((part) => part.routes),
        queries: parts.flatMap((part) => part.queries),
        migrations: parts.flatMap((part) => part.migrations),
        uses: parts.flatMap((part) => part.uses),
        gaps: parts.flatMap((part) => part.gaps),
      },
      { filesSeen: seen, filesParsed: seen, skipped: [], stacks: [] },
    );
  }
}
