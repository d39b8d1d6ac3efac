import type { ModelUse } from "../../ir/reference.ts";
import { type UseFacts, usesIn } from "../../languages/python/uses.ts";
import { type Ledger, Memo } from "../../memo.ts";
import type { FactsByUri } from "../stack.ts";

/** Places in the code that name a model, found through the imports of their file. */
export class UseReader {
  readonly #all: Memo<readonly ModelUse[]>;

  /** @param modelIdOf the model that a name written in a file stands for */
  constructor(
    facts: FactsByUri<{ readonly uses: UseFacts }>,
    ledger: Ledger,
    modelIdOf: (uri: string, name: string) => string | null,
  ) {
    const ids = new Memo(ledger, modelIdOf);
    const inFile = new Memo(ledger, (uri) => {
      const uses = facts.get(uri)?.uses;
      return uses ? usesIn(uri, uses, (name) => ids.get(uri, name)) : [];
    });
    this.#all = new Memo(ledger, () => [...facts.keys()].flatMap((uri) => inFile.get(uri)));
  }

  all(): readonly ModelUse[] {
    return this.#all.get();
  }
}
