import assert from "node:assert/strict";
import { markdownToHtml } from "../../../webview/ui/markdown-html.ts";

function render(markdown: string, ids: readonly string[] = []): string {
  return markdownToHtml(markdown, { citations: new Set(ids), words: { copy: "Copy code", image: "image" } });
}

describe("markdown to HTML", () => {
  it("shows raw HTML as it was written", () => {
    const html = render('Hello <img src=x onerror="alert(1)"> there\n\n<script>alert(2)</script>\n');
    assert.ok(!/<(img|script)/i.test(html), html);
    assert.match(html, /&lt;script&gt;/);
  });

  it("shows an image by its description, without its address", () => {
    const html = render("![plan](https://example.com/leak?data=secret)");
    assert.equal(html.trim(), '<p><em class="image">[image: plan]</em></p>');
  });

  it("makes links that only ask the host, and none of an address that a browser would run", () => {
    const good = render("[docs](https://example.com/?a=1&b=2)");
    assert.match(
      good,
      /<button type="button" class="link" data-href="https:\/\/example\.com\/\?a=1&amp;b=2"/,
    );
    for (const href of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "vscode://x",
      "command:x",
    ]) {
      const html = render(`[press](${href})`);
      assert.equal(html.trim(), "<p>press</p>", href);
    }
  });

  it("cannot be led out of an attribute by a link's address", () => {
    const html = render('[x](<https://example.com/" onclick="alert(1)>)');
    assert.ok(!/" onclick="/.test(html), html);
  });

  it("turns known citations into buttons and leaves other brackets alone", () => {
    const html = render("Rests on [E1] and [E9], see [E1](https://example.com), `[E1]`.", ["E1"]);
    assert.equal(html.match(/data-citation="E1"/g)?.length, 1);
    assert.match(html, /\[E9\]/);
    assert.match(html, /<code>\[E1\]<\/code>/);
  });

  // prove: webview/ui/markdown-html.ts :: if (TOO_DEEP.test(markdown)) return => if (markdown === "") return
  it("shows as text what opens more quotes and lists than anybody can read", () => {
    for (const opening of ["> ", ">", "- ", "* > ", "1. ", "\t> "]) {
      const html = render(`Before.\n\n${opening.repeat(20_000)}deep <b>`);
      assert.match(html, /^<pre tabindex="0"><code>Before\./);
      assert.match(html, /deep &lt;b&gt;/);
    }
    assert.match(render("> > > quoted\n\n- - a list in a list"), /<blockquote>[\s\S]*<li>/);
  });

  it("keeps code as text", () => {
    const html = render("```sql danger\nSELECT '</code><b>' & 1\n```");
    assert.match(html, /<code>SELECT &#39;&lt;\/code&gt;&lt;b&gt;&#39; &amp; 1<\/code>/);
    assert.match(html, /<span>sql<\/span>/);
  });

  it("renders tables inside a region that scrolls", () => {
    const html = render("| a | b |\n| --- | --- |\n| `1` | [E1] |", ["E1"]);
    assert.match(html, /^<div class="table" tabindex="0"><table>/);
    assert.match(html, /<td><code>1<\/code><\/td><td><button/);
  });
});
