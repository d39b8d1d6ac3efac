import type { Model } from "../../../../src/workspace/ir/model.ts";
import { rangeOf, type Span } from "../../../../src/workspace/source.ts";
import { NOTHING, type Stack } from "../../../../src/workspace/stacks/stack.ts";

interface ToyFacts {
  readonly models: readonly {
    readonly name: string;
    readonly base: string;
    readonly span: Span;
    readonly nameSpan: Span;
    readonly hash: string;
  }[];
}

/**
 * The smallest stack that shows what an index must do: a class is a model when its base is `Toy` or, across files,
 * another model. A file that says `toy-crash` makes it throw; one that says `toy-kill` ends the thread.
 */
export const toyStack: Stack<ToyFacts> = {
  id: "toy",
  title: "Toy",
  languages: ["python"],
  version: 1,
  marker: /class|toy-/,
  extract(file) {
    if (file.text.includes("toy-crash")) throw new Error("crashed as asked");
    if (file.text.includes("toy-kill")) process.exit(7);
    const models = (file.python()?.classes ?? []).flatMap(({ name, bases, span, nameSpan, hash }) => {
      const base = bases[0];
      return base?.k === "name" ? [{ name, base: base.value, span, nameSpan, hash }] : [];
    });
    return models.length > 0 ? { models } : null;
  },
  resolve(facts) {
    const known = new Set(["Toy"]);
    const classes = [...facts].flatMap(([uri, { models }]) => models.map((model) => ({ uri, ...model })));
    for (let before = -1; before !== known.size; ) {
      before = known.size;
      for (const { name, base } of classes) if (known.has(base)) known.add(name);
    }
    const models = classes.filter(({ base }) => known.has(base)).map(modelOf);
    return { ...NOTHING, models };
  },
};

function modelOf(found: ToyFacts["models"][number] & { readonly uri: string }): Model {
  const { uri, name, base, span, nameSpan, hash } = found;
  return {
    kind: "model",
    id: `toy:${uri}:${name}:${span[0]}`,
    name,
    uri,
    range: rangeOf(span),
    nameRange: rangeOf(nameSpan),
    hash,
    stack: "toy",
    confidence: "certain",
    reason: `class with base ${base}`,
    gaps: [],
    qualifiedName: name,
    namespace: "",
    table: name.toLowerCase(),
    abstract: false,
    proxyOf: null,
    managed: true,
    bases: [base],
    documentation: null,
    fields: [],
    relations: [],
    indexes: [],
    constraints: [],
    ordering: [],
  };
}
