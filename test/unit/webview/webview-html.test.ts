import assert from "node:assert/strict";
import { renderWebviewHtml } from "../../../src/hosts/vscode/webview-html.ts";

const page = {
  cspSource: "https://resources.example",
  nonce: "bm9uY2U=",
  scriptUri: "https://resources.example/panel.js",
  styleUris: ["https://resources.example/panel.css"],
  title: "Explain Model: <Order>",
  boot: { strings: { a: "</script><script>alert(1)</script>" }, state: null },
  lang: "en",
};

describe("HTML of a webview", () => {
  it("allows scripts by nonce, and nothing inline or from elsewhere", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(
      renderWebviewHtml(page),
    )?.[1];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-bm9uY2U='; style-src https://resources.example 'nonce-bm9uY2U='; font-src https://resources.example; img-src https://resources.example data:; base-uri 'none'; form-action 'none'",
    );
  });

  // Red when `escapeJson` no longer replaces `<`.
  it("keeps the boot data inside its block, whatever it holds", () => {
    const html = renderWebviewHtml(page);
    const block = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? "";
    assert.deepEqual(JSON.parse(block), page.boot);
    assert.equal(html.match(/<script/g)?.length, 2);
  });

  it("escapes the title", () => {
    assert.match(renderWebviewHtml(page), /<title>Explain Model: &#60;Order&#62;<\/title>/);
  });
});
