import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { bundleText, collectTexts } from "../../../scripts/extract-texts.ts";
import { placeholders } from "../../../scripts/read-texts.ts";
import { manifest } from "../../../src/hosts/vscode/manifest/contributes.ts";

type Texts = Readonly<Record<string, string>>;

const project = new URL("../../../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, project), "utf8");
const parse = (file: string): Texts => JSON.parse(read(file)) as Texts;

/** Locales besides English: every bundle in `l10n/` names one. */
const locales = readdirSync(new URL("l10n", project))
  .map((file) => /^bundle\.l10n\.(.+)\.json$/.exec(file)?.[1])
  .filter((locale) => locale !== undefined);

/** Names, units that German abbreviates alike, and words that are the same in German. */
const SAME_IN_GERMAN = [
  "{0} MB",
  "{0} kB",
  "{0} → {1}",
  "{0} × {1}",
  "{0} h",
  "{0} in {1}",
  "{0} min {1} s",
  "{0} ms",
  "{0} s",
  "Aksara",
  "Aksara Studio",
  "Agent",
  "Information",
  "middleware",
  "Migration",
  "Plan",
  "Tokens",
  "Trace",
  "Route",
  "Schema",
];

describe("texts", () => {
  it("the bundle holds what the sources translate, and nothing goes past it", () => {
    const { texts, breaches } = collectTexts();
    assert.deepEqual(breaches, []);
    assert.equal(read("l10n/bundle.l10n.json"), bundleText(texts), 'run "npm run texts"');
  });

  it("texts of the host, of the pages and of the registry of actions are among them", () => {
    const texts = new Set(collectTexts().texts);
    for (const text of ["No folder is open.", "Copy prompt pack", "Explain Model", "Low risk"])
      assert.ok(texts.has(text), text);
  });

  it("German is the second language", () => assert.ok(locales.includes("de"), locales.join()));

  for (const locale of locales) {
    const pairs: readonly (readonly [string, Texts, Texts])[] = [
      [
        `l10n/bundle.l10n.${locale}.json`,
        parse("l10n/bundle.l10n.json"),
        parse(`l10n/bundle.l10n.${locale}.json`),
      ],
      [`package.nls.${locale}.json`, manifest().texts, parse(`package.nls.${locale}.json`)],
    ];
    for (const [file, english, translated] of pairs) {
      it(`${file} has every text, in the same order, and no other`, () =>
        assert.deepEqual(Object.keys(translated), Object.keys(english)));

      it(`${file} has the placeholders, links and commands of the English texts`, () => {
        for (const [key, text] of Object.entries(english)) {
          const other = translated[key] ?? "";
          assert.deepEqual(placeholders(other), placeholders(text), key);
          assert.deepEqual(linkTargets(other), linkTargets(text), key);
          assert.deepEqual(
            [other.match(/\n/g)?.length, other.trim()],
            [text.match(/\n/g)?.length, other],
            key,
          );
        }
      });

      it(`${file} translates every text`, () => {
        const same = Object.entries(english).filter(([key, text]) => translated[key] === text);
        const unexpected = same.map(([, text]) => text).filter((text) => !SAME_IN_GERMAN.includes(text));
        assert.deepEqual(unexpected, []);
      });
    }
  }

  it("a command is called the same in menus and in lists", () => {
    for (const locale of locales) {
      const bundle = parse(`l10n/bundle.l10n.${locale}.json`);
      const manifestTexts = parse(`package.nls.${locale}.json`);
      for (const [key, english] of Object.entries(manifest().texts)) {
        if (key.startsWith("command.") && bundle[english] !== undefined)
          assert.equal(manifestTexts[key], bundle[english], key);
      }
    }
  });
});

function linkTargets(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)]*)\)/g)].map((match) => match[1] ?? "");
}
