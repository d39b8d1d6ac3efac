import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { withoutSections } from "../../../webview/panel/markdown-sections.ts";
import { shareTokens } from "../../../webview/panel/token-share.ts";
import { EventOrder } from "../../../webview/ui/event-order.ts";
import { ICON_GLYPHS } from "../../../webview/ui/icon-glyphs.ts";
import { tokenizeJson } from "../../../webview/ui/json-tokens.ts";
import { setTranslations, t } from "../../../webview/ui/l10n.ts";

describe("order of the host's events", () => {
  it("drops what was seen already", () => {
    const order = new EventOrder();
    assert.deepEqual(
      [1, 2, 2, 1, 3].map((seq) => order.judge(seq)),
      ["take", "take", "drop", "drop", "take"],
    );
    assert.equal(order.last, 3);
  });

  it("asks once for what is missing, then takes a log that was compacted", () => {
    const order = new EventOrder();
    order.judge(1);
    assert.equal(order.judge(4), "ask");
    assert.equal(order.last, 1);
    assert.equal(order.judge(4), "take");
    assert.equal(order.judge(9), "ask");
  });

  it("takes a log that is compacted from the start", () => {
    assert.equal(new EventOrder().judge(7), "take");
  });
});

describe("texts of a page", () => {
  afterEach(() => setTranslations({}));

  it("fills in arguments in the language's own order", () => {
    assert.equal(t("{0} of {1}", 1, 2), "1 of 2");
    setTranslations({ "{0} of {1}": "{1}, davon {0}" });
    assert.equal(t("{0} of {1}", 1, 2), "2, davon 1");
    assert.equal(t("toString"), "toString");
  });
});

describe("markdown without sections", () => {
  const markdown =
    "## A\n\nintro\n\n### Findings\n\n- one\n\n#### Deep\n\nx\n\n### Fields\n\n```\n### Findings\n```\n\n### Next\n\n- y";

  it("leaves out a section with what is below it, and nothing in a code block", () => {
    assert.equal(
      withoutSections(markdown, ["Findings", "Next"]),
      "## A\n\nintro\n\n### Fields\n\n```\n### Findings\n```",
    );
  });

  it("leaves everything when nothing is named", () => {
    assert.equal(withoutSections(markdown, []), markdown);
  });
});

describe("JSON tokens", () => {
  it("are the text again, told apart by kind", () => {
    const text = JSON.stringify({ a: 'x": 1', n: [-1.5e3, true, null], "k\\": "" }, null, 2);
    const tokens = tokenizeJson(text);
    assert.equal(tokens.map((token) => token.text).join(""), text);
    const of = (kind: string) => tokens.filter((token) => token.kind === kind).map((token) => token.text);
    assert.deepEqual(of("key"), ['"a"', '"n"', '"k\\\\"']);
    assert.deepEqual(of("string"), ['"x\\": 1"', '""']);
    assert.deepEqual(of("number"), ["-1500"]);
    assert.deepEqual(of("literal"), ["true", "null"]);
  });
});

describe("token share", () => {
  it("adds up to the pack's estimate", () => {
    const share = shareTokens({
      system_prompt: "a".repeat(100),
      user_prompt: "b".repeat(200),
      token_estimate: 100,
    });
    assert.deepEqual(share, { system: 33, user: 67 });
    assert.deepEqual(shareTokens({ system_prompt: "", user_prompt: "", token_estimate: 0 }), {
      system: 0,
      user: 0,
    });
  });
});

describe("icons", () => {
  it("have the code points of the font's own style sheet", () => {
    const css = readFileSync(
      createRequire(import.meta.url).resolve("@vscode/codicons/dist/codicon.css"),
      "utf8",
    );
    for (const [name, glyph] of Object.entries(ICON_GLYPHS)) {
      assert.ok(css.includes(`.codicon-${name}:before { content: "\\${glyph.toString(16)}" }`), name);
    }
  });
});
