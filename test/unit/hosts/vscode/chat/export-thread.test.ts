import assert from "node:assert/strict";
import { exportThread } from "../../../../../src/hosts/vscode/chat/export-thread.ts";
import { callItem, endItem, textItem, userItem } from "../../../../ui/gallery/views/chat-items.ts";

const SECRET = "sk-ant-api03-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4-AAAAAA";
const THREAD = {
  thread: "t1",
  title: "Which models are there?",
  items: [
    userItem("run1", 1000, `Which models are there? My key is ${SECRET}.`),
    callItem("run1", 1002, "read_file", { path: "a.md" }, { output: "```\nfenced\n```", changed: ["a.md"] }),
    textItem("run1", 1003, "There are **two**."),
    endItem("run1", 1999, { suggestions: ["Write a test"], created: ["a.md"] }),
  ],
  usage: null,
};

describe("the export of a thread", () => {
  it("V04 as Markdown says who said and did what, and nothing in it closes its blocks", () => {
    const text = exportThread(THREAD, "markdown");
    assert.match(text, /^# Which models are there\?\n\n## You\n\n/);
    assert.ok(text.includes("**`read_file`** (done)"));
    assert.ok(text.includes("````\n```\nfenced\n```\n````"));
    assert.ok(text.includes("There are **two**."));
    assert.ok(text.includes("### Changed files\n\n- `a.md` created"));
    assert.ok(text.includes("- Write a test"));
  });

  it("V04 as JSON has every item", () => {
    const parsed = JSON.parse(exportThread(THREAD, "json")) as { version: number; items: { kind: string }[] };
    assert.equal(parsed.version, 1);
    assert.deepEqual(
      parsed.items.map(({ kind }) => kind),
      ["user", "call", "text", "end"],
    );
  });

  // prove: src/hosts/vscode/chat/export-thread.ts :: redactor.redactValue(redactor.learn({ version: 1, ...shown })) => { version: 1, ...shown }
  it("E09 holds no secret, in whatever form", () => {
    for (const format of ["markdown", "json"] as const) {
      const text = exportThread(THREAD, format);
      assert.ok(!text.includes(SECRET), format);
      assert.match(text, /\[redacted:[a-z-]+\]/);
    }
  });
});
