import type { SqlDialect } from "../../ir/query.ts";
import { addEvidence, type DialectEvidence, judgeDialect, NO_EVIDENCE } from "../../languages/sql/dialect.ts";
import { folderOf, projectRoot } from "../../project-root.ts";
import type { FactsByUri } from "../stack.ts";
import type { SqlFacts } from "./facts.ts";

/** Which dialect a file speaks when it does not say so itself: what its project's other files and configuration say. */
export class ProjectDialects {
  readonly #byRoot = new Map<string, DialectEvidence>();
  readonly #judged = new Map<string, SqlDialect>();
  #overall: DialectEvidence = NO_EVIDENCE;

  constructor(facts: FactsByUri<SqlFacts>) {
    for (const [uri, fact] of facts) {
      const root = projectRoot(folderOf(uri));
      this.#byRoot.set(root, addEvidence(this.#byRoot.get(root) ?? NO_EVIDENCE, fact.evidence));
      this.#overall = addEvidence(this.#overall, fact.evidence);
    }
  }

  /** Evidence of the file first, then of the folders around it, from the nearest; then of all, when nothing contradicts. */
  judge(uri: string, own: DialectEvidence): SqlDialect {
    const known = judgeDialect(own);
    return known === "unknown" ? this.#around(projectRoot(folderOf(uri))) : known;
  }

  #around(root: string): SqlDialect {
    const before = this.#judged.get(root);
    if (before) return before;
    const here = judgeDialect(this.#byRoot.get(root) ?? NO_EVIDENCE);
    const outside = root === "" ? this.#unanimous() : this.#around(folderOf(root));
    const dialect = here === "unknown" ? outside : here;
    this.#judged.set(root, dialect);
    return dialect;
  }

  #unanimous(): SqlDialect {
    return this.#overall.filter((score) => score > 0).length === 1 ? judgeDialect(this.#overall) : "unknown";
  }
}
