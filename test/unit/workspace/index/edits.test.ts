import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { WorkspaceIndex } from "../../../../src/workspace/index/workspace-index.ts";
import { languageOf } from "../../../../src/workspace/languages/language-of.ts";
import { STACKS } from "../../../../src/workspace/stacks/registry.ts";
import { writeTree } from "../../../bench/generated-tree.ts";
import { Dice } from "../../../support/dice.ts";
import { makeTemporaryFolder } from "../../../support/temporary-folder.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { contentOf } from "./catalog-content.ts";
import { type Disk, openMemoryDisk } from "./disk.ts";

const WORKSPACES = fileURLToPath(new URL("../../../workspaces", import.meta.url));
/** More of both on request: `SEEDS=40 STEPS=60 mocha …`. */
const SEEDS = Number(process.env.SEEDS ?? 2);
const STEPS = Number(process.env.STEPS ?? 30);
/** Edits between two comparisons. */
const EDITS = 3;
const COMMENTS: Readonly<Record<string, string>> = {
  python: "# a note",
  typescript: "// a note",
  prisma: "// a note",
  sql: "-- a note",
};

/** The files of a sample workspace as somebody edits them. */
class EditedFiles {
  readonly #disk: Disk;
  readonly #texts = new Map<string, string>();
  readonly #originals: ReadonlyMap<string, string>;

  constructor(disk: Disk, originals: ReadonlyMap<string, string>) {
    this.#disk = disk;
    this.#originals = originals;
    for (const [uri, text] of originals) this.write(uri, text);
  }

  text(uri: string): string {
    return this.#texts.get(uri) ?? "";
  }

  write(uri: string, text: string): void {
    this.#texts.set(uri, text);
    this.#disk.write(uri, text);
  }

  /** Moves lines of a file and changes nothing else; the answer is its uri. */
  move(dice: Dice): string {
    const uri = dice.pick([...this.#texts.keys()]);
    const lines = (this.#texts.get(uri) ?? "").split("\n");
    const at = dice.below(lines.length + 1);
    const comment = COMMENTS[languageOf(uri) ?? ""] ?? "";
    const indent = /^\s*/.exec(lines[at] ?? "")?.[0] ?? "";
    lines.splice(at, 0, ...(dice.below(2) ? Array(1 + dice.below(3)).fill("") : [indent + comment]));
    this.write(uri, lines.join("\n"));
    return uri;
  }

  /** Adds, renames, moves or takes away something that is declared, here and where it is named; the answer is the uris. */
  declare(dice: Dice): readonly string[] {
    const uri = dice.pick([...this.#texts.keys()]);
    const text = this.#texts.get(uri) ?? "";
    const blocks = blocksOf(text);
    const block = dice.pick(blocks);
    const without = (): string => blocks.filter((each) => each !== block).join("");
    switch (dice.below(7)) {
      case 0: {
        // Another one of the kind: a model, a field, a route, a view.
        const name = dice.pick(block.match(/[A-Za-z_]\w+/g) ?? ["x"]);
        const copy = block.replace(new RegExp(`\\b${name}\\b`, "g"), `${name}${dice.below(3)}`);
        this.write(uri, dice.below(2) ? `${text}\n${copy}` : text.replace(block, () => `${block}\n${copy}`));
        return [uri];
      }
      case 1: {
        this.write(uri, without());
        return [uri];
      }
      case 2: {
        const other = dice.pick([...this.#texts.keys()]);
        this.write(uri, without());
        this.write(other, `${this.#texts.get(other) ?? ""}\n${block}`);
        return [uri, other];
      }
      case 3: {
        // Another base, another type, another view, another mount.
        const names = [...this.#texts.values()].flatMap((each) => each.match(/\b[A-Z]\w+/g) ?? []);
        const heads = block.match(/\b[A-Za-z_]\w+(?=[),\]])/g) ?? ["x"];
        const instead = dice.pick(names.length > 0 ? names : ["X"]);
        this.write(
          uri,
          text.replace(block, () => block.replace(dice.pick(heads), () => instead)),
        );
        return [uri];
      }
      case 4: {
        const line = dice.pick(block.split("\n"));
        this.write(
          uri,
          text.replace(block, () => block.replace(line, () => "")),
        );
        return [uri];
      }
      case 5: {
        const back = dice.pick([...this.#originals.keys()]);
        this.write(back, this.#originals.get(back) ?? "");
        return [back];
      }
      default: {
        const name = dice.pick(block.match(/[A-Za-z_]\w+/g) ?? ["x"]);
        const pattern = new RegExp(`\\b${name}\\b`, "g");
        const named = [...this.#texts].filter(([, each]) => pattern.test(each));
        for (const [at, each] of named) this.write(at, each.replace(pattern, `${name}New`));
        return named.map(([at]) => at);
      }
    }
  }

  /** Changes what a file says, or which files there are; the answer is the uris. */
  change(dice: Dice): readonly string[] {
    const uri = dice.pick([...this.#texts.keys()]);
    const text = this.#texts.get(uri) ?? "";
    const lines = text.split("\n");
    const at = dice.below(lines.length);
    switch (dice.below(9)) {
      case 0:
        lines.splice(at, 1);
        this.write(uri, lines.join("\n"));
        return [uri];
      case 1:
        lines.splice(at, 0, lines[at] ?? "");
        this.write(uri, lines.join("\n"));
        return [uri];
      case 2: {
        const other = this.#texts.get(dice.pick([...this.#texts.keys()])) ?? "";
        this.write(uri, `${text}\n${other}`);
        return [uri];
      }
      case 3: {
        this.#texts.delete(uri);
        this.#disk.remove(uri);
        return [uri];
      }
      case 4: {
        const to = uri.replace(/[^/]+(?=\.\w+$)/, (name) => `${name}_moved`);
        this.#texts.delete(uri);
        this.#disk.remove(uri);
        this.write(to, text);
        return [uri, to];
      }
      case 5: {
        const back = dice.pick([...this.#originals.keys()]);
        this.write(back, this.#originals.get(back) ?? "");
        return [back];
      }
      default: {
        // One name takes the place of another: a class, a base, a field, a table, a path, an import.
        const words = text.match(/[A-Za-z_]\w+/g) ?? ["x"];
        const word = dice.pick(words);
        const instead = dice.below(2) ? dice.pick(words) : `${word}Two`;
        const isEverywhere = dice.below(2) === 1;
        this.write(uri, text.replace(new RegExp(`\\b${word}\\b`, isEverywhere ? "g" : ""), instead));
        return [uri];
      }
    }
  }
}

/** What stands in a file: from each line that is not indented to the next, with the brackets that it closes. */
function blocksOf(text: string): readonly string[] {
  return text.split(/^(?=[^\s)\]}])/m);
}

function filesBelow(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && languageOf(entry.name) !== null)
      files.set(relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8"));
  }
  return files;
}

/** The files of a project that is written for the run: several apps that know each other by nothing but names. */
async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const { folder, remove } = await makeTemporaryFolder("aksara-edits");
  writeTree(folder, 300, 300);
  const files = filesBelow(folder);
  await remove();
  return files;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

const TREES: readonly {
  readonly name: string;
  readonly files: () => Promise<ReadonlyMap<string, string>>;
}[] = [
  ...readdirSync(WORKSPACES)
    .filter((name) => !name.includes("."))
    .map((name) => ({ name, files: async () => filesBelow(join(WORKSPACES, name)) })),
  { name: "a generated project", files: generatedFiles },
];

describe("Edits of whole projects", () => {
  for (const { name, files: filesOf } of TREES) {
    it(`C03 ${name}: equals reading from scratch after any edits, and resolves nothing where things only moved`, async function () {
      this.timeout(300_000);
      let moves = 0;
      let quiet = 0;
      await follow(await filesOf(), (files, dice, resolved) => {
        const isMove = dice.below(3) > 0;
        const before = resolved();
        const uris = isMove ? [files.move(dice)] : files.change(dice);
        return {
          story: `${isMove ? "moved lines of" : "changed"} ${uris.join(", ")}`,
          uris,
          after: () => {
            if (isMove) moves++;
            if (isMove && resolved() === before) quiet++;
          },
        };
      });
      assert.ok(quiet > moves / 3, `only ${quiet} of ${moves} edits that moved lines were followed`);
    });

    it(`C03 ${name}: equals reading from scratch after declarations came, went and changed in any files`, async function () {
      this.timeout(300_000);
      await follow(await filesOf(), (files, dice) => {
        const uris = dice.below(6) > 0 ? files.declare(dice) : files.change(dice);
        return { story: `changed ${uris.join(", ")}`, uris, after: () => {} };
      });
    });
  }

  it("C03 a declaration that changes makes nothing anew of a framework whose answers are kept", async function () {
    this.timeout(300_000);
    const asked = new Map<number, number>();
    await follow(await generatedFiles(), (files, dice, resolved) => {
      const uri = `group${dice.below(3)}/app${dice.below(3)}/models.py`;
      asked.set(asked.size, resolved("django"));
      files.write(
        uri,
        `${files.text(uri)}\n\nclass More${asked.size}(models.Model):\n    at = models.DateField()\n`,
      );
      return { story: `added a model to ${uri}`, uris: [uri], after: () => {} };
    });
    const last = Math.max(...asked.values());
    // Once for each index, when it reads everything for the first time.
    assert.equal(last, SEEDS);
  });
});

interface Edit {
  readonly story: string;
  readonly uris: readonly string[];
  readonly after: () => void;
}

/** Edits the files of a project again and again; what is kept of it must be what reading from scratch finds. */
async function follow(
  originals: ReadonlyMap<string, string>,
  edit: (files: EditedFiles, dice: Dice, resolved: (stack?: string) => number) => Edit,
): Promise<void> {
  const counts = new Map<string, number>();
  const stacks = STACKS.map((stack) => ({
    ...stack,
    resolve(facts: Parameters<typeof stack.resolve>[0]) {
      counts.set(stack.id, (counts.get(stack.id) ?? 0) + 1);
      // Facts are held from one edit to the next: a stack that changed them would spoil the next catalog.
      for (const fact of facts.values()) freeze(fact);
      return stack.resolve(facts);
    },
  }));
  const resolved = (stack?: string): number =>
    stack === undefined
      ? [...counts.values()].reduce((sum, count) => sum + count, 0)
      : (counts.get(stack) ?? 0);
  for (let seed = 1; seed <= SEEDS; seed++) {
    const dice = new Dice(seed);
    const disk = await openMemoryDisk();
    const files = new EditedFiles(disk, originals);
    const options = {
      roots: [{ name: "workspace", path: disk.root }],
      assets: TEST_ASSETS,
      fileSystem: disk.fileSystem,
    };
    const index = new WorkspaceIndex({ ...options, stacks });
    await index.catalog();
    const told: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      const { story, uris, after } = edit(files, dice, resolved);
      index.refresh(uris);
      const incremental = await index.catalog();
      after();
      told.push(story);
      if (step % EDITS !== 0) continue;
      const scratch = new WorkspaceIndex({ ...options, stacks: STACKS });
      const fresh = await scratch.catalog();
      await scratch.dispose();
      assert.deepEqual(contentOf(incremental), contentOf(fresh), `seed ${seed}: ${told.join("; ")}`);
    }
    await index.dispose();
    await disk.dispose();
  }
}
