import type { ReferentialAction } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  positionalArguments,
  render,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { FieldClass } from "./field-classes.ts";
import type { DjangoProject } from "./project.ts";
import { stringSetting } from "./settings.ts";
import { constantOf, constantString, type Written } from "./values.ts";

/** The other end of a relation, as far as the declaration itself says. */
export type RelationTarget =
  | { readonly kind: "self" }
  /** `Model` or `app.Model`, to be found among the models. */
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "class"; readonly key: string }
  | { readonly kind: "external"; readonly dotted: string }
  | { readonly kind: "any" }
  | { readonly kind: "unknown"; readonly text: string };

export interface RelationSpec {
  readonly target: RelationTarget;
  readonly through: RelationTarget | null;
  readonly onDelete: ReferentialAction | null;
  readonly relatedName: string | null;
  /** Field of the other model that the key refers to; null for its primary key. */
  readonly toField: string | null;
  /** The database enforces the key. */
  readonly enforced: boolean;
  readonly symmetrical: boolean;
  /** Table of a many-to-many relation where it is named. */
  readonly joinTable: string | null;
  /** The link of a child to its parent's table. */
  readonly parentLink: boolean;
  /** Fields that a generic relation uses: of the type, of the id. */
  readonly genericFields: readonly [string, string] | null;
}

export function readRelation(
  project: DjangoProject,
  written: Written,
  call: Call,
  fieldClass: FieldClass,
): RelationSpec | null {
  if (fieldClass.kind === "column") return null;
  const option = (name: string) => argumentOf(call, name);
  const text = (name: string) => {
    const value = option(name);
    return value ? constantString(project, { ...written, expression: value }) : null;
  };
  const isGeneric = fieldClass.kind === "generic-key" || fieldClass.kind === "generic-relation";
  const [first, second] = positionalArguments(call);
  const target =
    fieldClass.kind === "generic-key"
      ? ({ kind: "any" } as const)
      : fieldClass.target
        ? ({ kind: "label", label: fieldClass.target } as const)
        : targetOf(project, written, argumentAt(call, 0, "to"));
  const through = option("through");
  const onDelete =
    fieldClass.kind === "many-to-many" || isGeneric ? null : (option("on_delete") ?? second ?? null);
  return {
    target,
    through: through ? targetOf(project, written, through) : null,
    onDelete: onDelete && actionOf(project, written, onDelete),
    relatedName: text("related_name"),
    toField: text("to_field") ?? stringList(option("to_fields"))[0] ?? null,
    enforced: !isGeneric && booleanValue(option("db_constraint")) !== false,
    symmetrical: booleanValue(option("symmetrical")) ?? true,
    joinTable: text("db_table"),
    parentLink: booleanValue(option("parent_link")) === true,
    genericFields: isGeneric ? genericFieldsOf(fieldClass, text, first ?? null, second ?? null) : null,
  };
}

function genericFieldsOf(
  fieldClass: FieldClass,
  text: (name: string) => string | null,
  first: Expression | null,
  second: Expression | null,
): readonly [string, string] {
  if (fieldClass.kind === "generic-relation") {
    return [text("content_type_field") ?? "content_type", text("object_id_field") ?? "object_id"];
  }
  return [
    text("ct_field") ?? stringValue(first) ?? "content_type",
    text("fk_field") ?? stringValue(second) ?? "object_id",
  ];
}

/** The model that `to=` names: a class, a string, `"self"`, or a setting. */
export function targetOf(
  project: DjangoProject,
  written: Written,
  expression: Expression | null,
): RelationTarget {
  if (!expression) return { kind: "unknown", text: "" };
  const literal = stringValue(expression);
  if (literal !== null) return labelTarget(literal);
  const user =
    /(^|\.)(AUTH_USER_MODEL)$/.test(dottedName(expression) ?? "") ||
    calledName(expression) === "get_user_model";
  if (user) return labelTarget(userModel(project, written.uri));
  const dotted = dottedName(expression);
  if (dotted === null) return { kind: "unknown", text: render(expression) };
  const swapped = /^settings\.([A-Z_]+)$/.exec(dotted)?.[1];
  const swappedLabel = swapped ? stringSetting(project, project.settingsFor(written.uri), swapped) : null;
  if (swappedLabel) return labelTarget(swappedLabel);
  const found = project.classes.findName(written.uri, dotted, written.scope);
  if (found?.kind === "class") return { kind: "class", key: found.ref.key };
  const constant = constantOf(project, { ...written, expression });
  if (constant.expression !== expression) return targetOf(project, constant, constant.expression);
  if (found) return { kind: "external", dotted: found.name };
  return { kind: "unknown", text: dotted };
}

function labelTarget(label: string): RelationTarget {
  return label === "self" ? { kind: "self" } : { kind: "label", label };
}

/** `AUTH_USER_MODEL` of the settings in force for a file. */
export function userModel(project: DjangoProject, uri: string): string {
  return stringSetting(project, project.settingsFor(uri), "AUTH_USER_MODEL") ?? "auth.User";
}

const ACTIONS: ReadonlyMap<string, ReferentialAction> = new Map([
  ["CASCADE", "cascade"],
  ["PROTECT", "restrict"],
  ["RESTRICT", "restrict"],
  ["SET_NULL", "set-null"],
  ["SET_DEFAULT", "set-default"],
  ["DO_NOTHING", "no-action"],
  ["DB_CASCADE", "cascade"],
  ["DB_SET_NULL", "set-null"],
  ["DB_SET_DEFAULT", "set-default"],
]);

function actionOf(project: DjangoProject, written: Written, expression: Expression): ReferentialAction {
  const name = (dottedName(expression) ?? calledName(expression) ?? "").replace(/^.*\./, "");
  const known = ACTIONS.get(name);
  if (known) return known;
  const constant = constantOf(project, { ...written, expression });
  if (constant.expression !== expression) return actionOf(project, constant, constant.expression);
  return "application";
}
