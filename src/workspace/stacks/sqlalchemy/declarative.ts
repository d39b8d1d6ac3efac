import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentOf, calledName, isTrue } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { type Ledger, Memo } from "../../memo.ts";
import type { PythonProject, Written } from "../python/project.ts";
import type { SqlalchemyFacts } from "./facts.ts";

export type Family = "declarative" | "flask" | "sqlmodel";

/** What makes classes below it models. */
export interface Root {
  readonly family: Family;
  /** For a person: "sqlalchemy.orm.DeclarativeBase". */
  readonly name: string;
  /** The call that made the base, or null: its `metadata` and `cls` matter. */
  readonly made: Written | null;
  /** The class is the base itself and no model. */
  readonly isBase: boolean;
}

const OUTSIDE: readonly (readonly [RegExp, Family])[] = [
  [/^sqlalchemy(\.\w+)*\.DeclarativeBase(NoMeta)?$/, "declarative"],
  [/^sqlmodel(\.main)?\.SQLModel$/, "sqlmodel"],
  [/^flask_appbuilder(\.models\.sqla)?\.(Model|Base)$/, "flask"],
  [/^advanced_alchemy\.base\.\w+Base$/, "declarative"],
  [/(^|\.)db\.Model$/, "flask"],
];
const MAKERS = /^(declarative_base|automap_base|generate_base|make_declarative_base)$/;
const DEPTH = 6;

/** Finds what a class is mapped by, through all its bases. */
export class DeclarativeRoots {
  readonly #project: PythonProject<SqlalchemyFacts>;
  readonly #found: Memo<Root | null>;

  constructor(project: PythonProject<SqlalchemyFacts>, ledger: Ledger) {
    this.#project = project;
    this.#found = new Memo(
      ledger,
      (uri, qualname) => {
        const ref = project.classes.get(uri, qualname);
        return ref && this.#find(ref);
      },
      () => null,
    );
  }

  rootOf(ref: ClassRef<PythonClass>): Root | null {
    return this.#found.get(ref.uri, ref.qualname);
  }

  #find(ref: ClassRef<PythonClass>): Root | null {
    for (const decorator of ref.declaration.decorators) {
      const name =
        dottedName(decorator) ?? (decorator.k === "call" ? dottedName(decorator.callee) : null) ?? "";
      if (/(^|\.)as_declarative$/.test(name)) {
        const made = { uri: ref.uri, scope: "", expression: decorator };
        return { family: "declarative", name: "sqlalchemy.orm.as_declarative", made, isBase: true };
      }
      if (/\.(mapped|mapped_as_dataclass)$/.test(name)) {
        return { family: "declarative", name: "sqlalchemy.orm.registry.mapped", made: null, isBase: false };
      }
    }
    const scope = ref.qualname.slice(0, Math.max(0, ref.qualname.lastIndexOf(".")));
    let inherited: Root | null = null;
    for (const expression of ref.declaration.bases) {
      const base = this.#project.classes.find(ref.uri, expression, scope);
      if (base?.kind === "class") {
        if (base.ref.key === ref.key) continue;
        const above = this.rootOf(base.ref);
        if (above) inherited ??= { ...above, isBase: false };
        continue;
      }
      if (base?.kind === "external") {
        const entry = OUTSIDE.find(([name]) => name.test(base.name));
        if (entry) return this.#outside(ref, base.name, entry[1]);
        continue;
      }
      const made = this.#madeBy({ uri: ref.uri, scope, expression }, 0);
      if (made) return made;
    }
    return inherited;
  }

  #outside(ref: ClassRef<PythonClass>, name: string, family: Family): Root {
    const { assignments } = ref.declaration;
    const hasTable = assignments.some(({ target }) => target === "__tablename__" || target === "__table__");
    const isBase = family === "declarative" && name.startsWith("sqlalchemy.") && !hasTable;
    return { family, name, made: null, isBase };
  }

  /** A base that is no class statement: `Base = declarative_base()`, `db.Model` of `db = SQLAlchemy()`. */
  #madeBy({ uri, expression }: Written, depth: number): Root | null {
    const dotted = dottedName(expression.k === "subscript" ? expression.of : expression);
    if (dotted === null) return expression.k === "call" ? this.#call(uri, expression) : null;
    const found = this.#project.names.resolve(uri, dotted);
    if (found?.kind !== "definition" || depth > DEPTH) return null;
    const value = this.#project.assignment(found.uri, found.name)?.value;
    if (!value) return null;
    if (found.rest.length === 0) {
      if (value.k === "call") return this.#call(found.uri, value);
      return dottedName(value) === null
        ? null
        : this.#madeBy({ uri: found.uri, scope: "", expression: value }, depth + 1);
    }
    if (found.rest.join(".") !== "Model" || value.k !== "call") return null;
    const makes = this.#project.ancestors({ uri: found.uri, scope: "", expression: value.callee });
    const isFlask =
      makes.some((step) => /(^|\.)SQLAlchemy$/.test(step.name)) ||
      /SQLAlchemy/i.test(calledName(value) ?? "");
    if (!isFlask) return null;
    const made = { uri: found.uri, scope: "", expression: value };
    return { family: "flask", name: "flask_sqlalchemy.SQLAlchemy.Model", made, isBase: false };
  }

  #call(uri: string, call: Extract<Expression, { k: "call" }>): Root | null {
    const name = calledName(call) ?? "";
    if (!MAKERS.test(name)) return null;
    return {
      family: "declarative",
      name: `sqlalchemy.orm.${name}()`,
      made: { uri, scope: "", expression: call },
      isBase: false,
    };
  }
}

/** The class given to `declarative_base(cls=…)` or `SQLAlchemy(model_class=…)`: models inherit from it too. */
export function givenClass(project: PythonProject, root: Root): ClassRef<PythonClass> | null {
  if (root.made?.expression.k !== "call") return null;
  const value = argumentOf(root.made.expression, "cls") ?? argumentOf(root.made.expression, "model_class");
  const found = value && project.classes.find(root.made.uri, value);
  return found?.kind === "class" ? found.ref : null;
}

export function isAbstract(ref: ClassRef<PythonClass>): boolean {
  return ref.declaration.assignments.some(({ target, value }) => target === "__abstract__" && isTrue(value));
}
