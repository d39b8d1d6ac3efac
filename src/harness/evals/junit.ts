import type { EvalArtifact, EvalCaseResult } from "./artifact.ts";

/** The form of test reports that build servers read: an eval is a suite, a case a test. */
export function junitOf(artifacts: readonly EvalArtifact[]): string {
  const suites = artifacts.map(suiteOf).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`;
}

function suiteOf({ name, cases, elapsedMs, startedAt }: EvalArtifact): string {
  const failures = cases.filter(({ pass }) => !pass).length;
  const attributes = attributesOf({
    name,
    tests: cases.length,
    failures,
    errors: 0,
    skipped: 0,
    timestamp: startedAt.replace(/Z$/, ""),
    time: seconds(elapsedMs),
  });
  return `  <testsuite ${attributes}>\n${cases.map((each) => caseOf(name, each)).join("")}  </testsuite>\n`;
}

function caseOf(suite: string, { id, pass, attempts, passRate }: EvalCaseResult): string {
  const time = seconds(attempts.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
  const head = `    <testcase ${attributesOf({ name: id, classname: suite, time })}`;
  if (pass) return `${head}/>\n`;
  const why = attempts.flatMap((each) => (each.pass ? [] : [`run ${each.repeat}: ${each.why}`])).join("\n");
  const message = attributesOf({
    message: `${passRate * 100} % of ${attempts.length} runs passed`,
    type: "failure",
  });
  return `${head}>\n      <failure ${message}>${escaped(why)}</failure>\n    </testcase>\n`;
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(" ");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}

/** Characters that XML cannot hold at all are shown by their number. */
function escaped(text: string): string {
  return text
    .replace(
      /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
