import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { editText, type TextEdit } from "../../../src/agent/files/edit-text.ts";
import { planEdit } from "../../../src/agent/files/plan-edit.ts";
import { WorkspaceFiles } from "../../../src/agent/files/workspace-files.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const CASES = 600;

/** A line that knows where it came from, so that the right result is known whatever the lines say. */
interface Line {
  readonly id: number;
  readonly text: string;
}

interface Drift {
  readonly base: readonly Line[];
  readonly edit: TextEdit;
  /** Lines of `base` that the edit replaces. */
  readonly from: number;
  readonly to: number;
  readonly replacement: readonly string[];
  /** What somebody else made of the file meanwhile. */
  readonly current: readonly Line[];
  /** Whether they changed a line that the edit replaces. */
  readonly collides: boolean;
}

/** Numbers that are the same in every run. */
function generator(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Lines as code has them: many that are the same, some that are not. */
function codeLine(random: (below: number) => number, at: number): string {
  const common = ["    return None\n", "\n", "    }\n", "    @property\n", "        pass\n"];
  return random(3) === 0
    ? (common[random(common.length)] ?? "\n")
    : `    value_${at} = compute_${random(40)}(${random(9)})\n`;
}

function drift(seed: number): Drift | null {
  const random = generator(seed);
  const base = Array.from({ length: 20 + random(60) }, (_, id) => ({ id, text: codeLine(random, id) }));
  const from = random(base.length - 4);
  const to = from + 1 + random(4);
  const replacement = Array.from({ length: random(4) }, (_, at) => `    edited_${at} = ${random(100)}\n`);
  const oldText = base
    .slice(from, to)
    .map(({ text }) => text)
    .join("");
  const text = base.map((line) => line.text).join("");
  // The edit must be clear on what the model read: anything else is refused there already.
  if (text.indexOf(oldText) !== text.lastIndexOf(oldText)) return null;
  if (oldText === replacement.join("") || oldText.trim() === "") return null;
  let fresh = 1_000;
  const collides = random(8) === 0;
  const current: Line[] = [];
  for (const line of base) {
    const inside = line.id >= from && line.id < to;
    const what = (inside ? collides && line.id === from : random(12) === 0) ? random(4) : 4;
    if (what === 0) current.push({ id: fresh++, text: `    other_${fresh} = ${random(50)}\n` });
    else if (what === 1 && !inside) continue;
    else if (what === 2 && !inside) {
      // A copy of lines that stand elsewhere: twins of what the edit is about, too.
      const copy = base.slice(from, from + 1 + random(to - from));
      current.push(line, ...copy.map((each) => ({ id: fresh++, text: each.text })));
    } else if (what < 4) current.push({ id: fresh++, text: `    changed_${line.id} = ${random(50)}\n` });
    else current.push(line);
  }
  return { base, edit: { oldText, newText: replacement.join("") }, from, to, replacement, current, collides };
}

/** The file with the edit made where its lines are now; null where some of them are gone or apart. */
function rightResult({ current, from, to, replacement }: Drift): string | null {
  const start = current.findIndex(({ id }) => id === from);
  const lines = current.slice(start, start + to - from);
  if (start === -1 || lines.some(({ id }, at) => id !== from + at) || lines.length < to - from) return null;
  return [
    ...current.slice(0, start).map(({ text }) => text),
    ...replacement,
    ...current.slice(start + lines.length).map(({ text }) => text),
  ].join("");
}

describe("edits of files that have drifted", () => {
  let temporary: TemporaryFolder;
  before(async () => {
    temporary = await makeTemporaryFolder("drift");
  });
  after(() => temporary.remove());

  it(`A13 of ${CASES} none is made wrongly, and 98% of those that have a right result are made`, async () => {
    const store = new MemoryStore();
    let possible = 0;
    let applied = 0;
    let impossible = 0;
    const wrong: number[] = [];
    for (let seed = 1, done = 0; done < CASES; seed++) {
      const made = drift(seed);
      if (!made) continue;
      done++;
      const base = made.base.map(({ text }) => text).join("");
      const current = made.current.map(({ text }) => text).join("");
      const files = new WorkspaceFiles([{ name: "drift", path: temporary.folder }], false);
      files.noteSeen("f.py", await store.blobs.put(Buffer.from(base), false));
      await writeFile(join(temporary.folder, "f.py"), current);
      const expected = rightResult(made);
      if (expected === null) impossible++;
      else possible++;
      try {
        const { after } = await planEdit(files, store.blobs, "f.py", [made.edit]);
        if (after?.toString() === expected) applied++;
        else wrong.push(seed);
      } catch (error) {
        assert.ok(isAksaraError(error) && error.code === "EDIT_CONFLICT", String(error));
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(impossible > CASES / 40, `${impossible} have no right result`);
    assert.ok(applied >= possible * 0.98, `${applied} of ${possible}`);
  });

  it("A13 on a file that did not change, what is clear is made and everything else refused", () => {
    for (let seed = 1; seed < 300; seed++) {
      const made = drift(seed);
      if (!made) continue;
      const base = made.base.map(({ text }) => text).join("");
      const expected = base.replace(made.edit.oldText, () => made.edit.newText);
      assert.equal(editText(base, [made.edit], "f.py"), expected);
    }
  });
});
