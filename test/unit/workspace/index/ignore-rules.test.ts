import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { IgnoreRules } from "../../../../src/workspace/index/ignore-rules.ts";

type Case = readonly [patterns: string, path: string, decision: boolean | null];

/** A path with a slash at its end is a folder. The decisions are those of `git check-ignore`. */
const CASES: readonly Case[] = [
  ["*.log", "a.log", true],
  ["*.log", "sub/deep/a.log", true],
  ["*.log", "a.logs", null],
  ["", "a", null],
  ["# a comment", "# a comment", null],
  ["\\#file", "#file", true],
  ["build", "build/", true],
  ["build", "sub/build", true],
  ["build/", "build", null],
  ["build/", "sub/build/", true],
  ["/build", "build", true],
  ["/build", "sub/build", null],
  ["sub/build", "sub/build", true],
  ["sub/build", "other/sub/build", null],
  ["**/build", "a/b/build", true],
  ["**/build", "build", true],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b", true],
  ["a/**/b", "a/xb", null],
  ["a/**", "a/x/y", true],
  ["a/**", "a/", null],
  ["a**b", "axxb", true],
  ["a**b/c", "ax/yb/c", null],
  ["*", "anything", true],
  ["*.py\n!keep.py", "keep.py", false],
  ["*.py\n!keep.py", "sub/other.py", true],
  ["!keep.py\n*.py", "keep.py", true],
  ["\\!important", "!important", true],
  ["file?", "file1", true],
  ["file?", "file/", null],
  ["file[0-9].py", "file5.py", true],
  ["file[!0-9].py", "file5.py", null],
  ["file[!0-9].py", "filex.py", true],
  ["file[^0-9].py", "filex.py", true],
  ["[]-]x", "]x", true],
  ["[]-]x", "-x", true],
  ["[[:digit:]]x", "4x", true],
  ["a[/]b", "a/b", null],
  ["[z-a]", "b", null],
  ["[unclosed", "[unclosed", null],
  ["trailing  ", "trailing", true],
  ["held\\ ", "held ", true],
  ["dots.+(x)|{1}", "dots.+(x)|{1}", true],
  ["dots.+(x)|{1}", "dotsxx", null],
  ["crlf.txt\r\nother.txt\r\n", "crlf.txt", true],
  ["\uFEFFfirst.txt", "first.txt", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", null],
  ["*.egg-info/", "x.egg-info/", true],
  ["/*\n!/src", "src/", false],
  ["/*\n!/src", "docs/", true],
  ["doc/*.txt", "doc/a.txt", true],
  ["doc/*.txt", "doc/sub/a.txt", null],
  ["/", "a", null],
  ["!", "a", null],
];

describe("Ignore rules", () => {
  for (const [patterns, path, decision] of CASES) {
    it(`${JSON.stringify(patterns)} ${decision === null ? "says nothing of" : decision ? "ignores" : "keeps"} ${path}`, () => {
      const isFolder = path.endsWith("/");
      assert.equal(new IgnoreRules(patterns).decide(isFolder ? path.slice(0, -1) : path, isFolder), decision);
    });
  }
});
