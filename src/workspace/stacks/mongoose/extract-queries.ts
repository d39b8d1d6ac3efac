import { dottedName, type Expression } from "../../languages/expression.ts";
import { placeOfCall } from "../../languages/typescript/call-chain.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";
import type { QueryFact } from "./facts.ts";

/** Methods of a model and what they do. Source: Mongoose's reference of `Model`. */
const METHODS: ReadonlyMap<string, QueryFact["operation"]> = new Map([
  ["find", "select"],
  ["findOne", "select"],
  ["findById", "select"],
  ["aggregate", "select"],
  ["count", "select"],
  ["countDocuments", "select"],
  ["estimatedDocumentCount", "select"],
  ["exists", "select"],
  ["distinct", "select"],
  ["create", "insert"],
  ["insertOne", "insert"],
  ["insertMany", "insert"],
  ["update", "update"],
  ["updateOne", "update"],
  ["updateMany", "update"],
  ["replaceOne", "update"],
  ["bulkWrite", "update"],
  ["bulkSave", "update"],
  ["findOneAndUpdate", "update"],
  ["findOneAndReplace", "update"],
  ["findByIdAndUpdate", "update"],
  ["remove", "delete"],
  ["deleteOne", "delete"],
  ["deleteMany", "delete"],
  ["findOneAndDelete", "delete"],
  ["findOneAndRemove", "delete"],
  ["findByIdAndDelete", "delete"],
  ["findByIdAndRemove", "delete"],
]);

/** Calls that may ask a model for something. Only those on known models become queries. */
export function queriesIn(module: TypeScriptModule): readonly QueryFact[] {
  const injected = injectedModels(module);
  return module.calls.flatMap((call) => {
    const { expression, within } = call;
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    const { name, of } = expression.callee;
    const operation = METHODS.get(name);
    const target = operation && targetOf(of, injected.get(`${within?.split(".")[0]} ${dottedName(of)}`));
    if (!operation || !target) return [];
    return [{ ...target, method: name, operation, ...placeOfCall(module, call, { name, call: expression }) }];
  });
}

function targetOf(
  of: Expression,
  injected: Expression | undefined,
): Pick<QueryFact, "target" | "isName"> | null {
  if (injected) return { target: compact(injected), isName: true };
  if (of.k === "call") {
    // `mongoose.model("User").find(…)`.
    const [name] = of.args;
    const isModel = of.callee.k === "member" && of.callee.name === "model" && of.args.length === 1;
    return isModel && name ? { target: compact(name.value), isName: true } : null;
  }
  const written = dottedName(of);
  return written === null || written.startsWith("this.") ? null : { target: compact(of), isName: false };
}

/** What `@InjectModel(User.name) private readonly users: Model<User>` puts behind `this.users`. */
function injectedModels(module: TypeScriptModule): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  for (const entry of module.classes) {
    const builder = entry.methods.find(({ kind }) => kind === "constructor");
    for (const { name, decorators } of [...entry.properties, ...(builder?.parameters ?? [])]) {
      const model = injectedModel(decorators);
      if (model) found.set(`${entry.name} this.${name}`, model);
    }
  }
  return found;
}

/** The name that `@InjectModel` asks for; null where there is none. */
export function injectedModel(decorators: readonly Expression[]): Expression | null {
  for (const decorator of decorators) {
    if (decorator.k !== "call" || !/(?:^|\.)InjectModel$/.test(dottedName(decorator.callee) ?? "")) continue;
    return decorator.args[0]?.value ?? null;
  }
  return null;
}
