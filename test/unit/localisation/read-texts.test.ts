import assert from "node:assert/strict";
import { readTexts } from "../../../scripts/read-texts.ts";

const inHost = (source: string) => readTexts("src/hosts/vscode/a.ts", source, false);
const inPage = (source: string) => readTexts("webview/a.ts", source, false);

describe("reading the texts of a file", () => {
  it("takes the first argument of the two functions, not what only looks like them", () => {
    const host = inHost('vscode.l10n.t("Say {0}", name); other.t("no"); t("no"); // vscode.l10n.t("no")');
    assert.deepEqual(host, { texts: ["Say {0}"], breaches: [] });
    assert.deepEqual(inPage('html`<p>${t("A \\"b\\"")}</p>`; x.t("no")'), { texts: ['A "b"'], breaches: [] });
  });

  it("refuses what cannot be collected, but for a file that translates a registry", () => {
    for (const argument of ["title", '"a" + b', "`a ${b}`", 'one ? "a" : "b"']) {
      const { texts, breaches } = inHost(`vscode.l10n.t(${argument})`);
      assert.deepEqual([texts, breaches.length], [[], 1], argument);
      assert.deepEqual(readTexts("src/a.ts", `vscode.l10n.t(${argument})`, true).breaches, []);
    }
  });

  it("refuses values and placeholders that do not match", () => {
    assert.equal(inHost('vscode.l10n.t("{0} of {1}", a)').breaches.length, 1);
    assert.equal(inHost('vscode.l10n.t("all", a)').breaches.length, 1);
    assert.equal(inPage('t("{0} of {0}", a)').breaches.length, 0);
  });

  it("finds what a person would see without translation", () => {
    const shown = [
      'vscode.window.showErrorMessage("Gone.")',
      'new AksaraError("CONTEXT_NOT_FOUND", `${uri} is gone`)',
      'show({ title: "Details" })',
      'item.tooltip = "More"',
      'new vscode.TreeItem("Row")',
    ];
    for (const source of shown) assert.equal(inHost(source).breaches.length, 1, source);
    for (const source of ["html`<p>Some words</p>`", 'html`<button title="Close"></button>`'])
      assert.equal(inPage(source).breaches.length, 1, source);
  });

  it("lets through names of the product, icons and what is put together from values", () => {
    const silent = [
      'show({ title: "Aksara Studio" })',
      "show({ label: `$(${icon}) ${name}` })",
      'new AksaraError("CONTEXT_NOT_FOUND", message)',
    ];
    for (const source of silent) assert.deepEqual(inHost(source).breaches, [], source);
    assert.deepEqual(
      inPage('html`<aksara-badge class="low risk" .x=${a > b}>${words}</aksara-badge>`').breaches,
      [],
    );
  });
});
