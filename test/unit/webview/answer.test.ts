import assert from "node:assert/strict";
import { answerParts } from "../../../webview/panel/answer-parts.ts";
import { settledOffset } from "../../../webview/ui/markdown-blocks.ts";

const TEXT = `# Title

A paragraph
of two lines.

- one

- two

  still two

Next:

\`\`\`sql
SELECT 1;

SELECT 2;
\`\`\`
After.

| a | b |
| - | - |
| 1 | 2 |

> quoted

The end.
`;

describe("markdown that grows", () => {
  it("is cut only where nothing that follows changes what stands before", () => {
    const cuts: string[] = [];
    let settled = 0;
    for (let length = 0; length <= TEXT.length; length++) {
      const next = settledOffset(TEXT.slice(0, length), settled);
      assert.ok(next >= settled && next <= length);
      if (next > settled) cuts.push(TEXT.slice(settled, next));
      settled = next;
    }
    assert.deepEqual(cuts, [
      "# Title\n\n",
      "A paragraph\nof two lines.\n\n- one\n\n- two\n\n  still two\n\n",
      "Next:\n\n",
      "```sql\nSELECT 1;\n\nSELECT 2;\n```\n",
      "After.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> quoted\n\n",
    ]);
  });

  it("is cut at the same places when it comes at once, but for the last", () => {
    assert.equal(TEXT.slice(settledOffset(TEXT, 0)), "The end.\n");
  });
});

describe("the parts of an answer", () => {
  it("are prose and the block at its end, whole or still being written", () => {
    assert.deepEqual(answerParts("Prose."), { prose: "Prose.", structured: null });
    assert.deepEqual(answerParts('Prose.\n\n```json\n{ "a": 1 }\n```\n'), {
      prose: "Prose.",
      structured: '{ "a": 1 }',
    });
    assert.deepEqual(answerParts('Prose.\n\n```json\n{ "a"'), { prose: "Prose.", structured: '{ "a"' });
    assert.deepEqual(answerParts("Prose.\n\n```json"), { prose: "Prose.", structured: "" });
  });

  it("leave a block of JSON that is followed by prose where it stands", () => {
    const text = "See:\n\n```json\n{}\n```\n\nThat is all.";
    assert.deepEqual(answerParts(text), { prose: text, structured: null });
  });
});
