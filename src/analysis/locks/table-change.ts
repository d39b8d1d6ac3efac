import type { AlterTableCmd, ColumnDef, Node } from "libpg-query";
import { textOf } from "../../database/sql/parse-tree.ts";

/** One thing that a statement does to the schema, as far as it matters to who uses it meanwhile. */
export type TableChange =
  | {
      readonly kind: "add-column";
      readonly table: string;
      readonly column: string;
      readonly notNull: boolean;
      readonly hasDefault: boolean;
      /** The default is computed for each row, or the column counts up. */
      readonly references: string | null;
    }
  | { readonly kind: "drop-column"; readonly table: string; readonly column: string }
  | { readonly kind: "rename-column"; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: "drop-table"; readonly table: string }
  | { readonly kind: "rename-table"; readonly table: string; readonly to: string }
  | { readonly kind: "set-not-null"; readonly table: string; readonly column: string }
  | { readonly kind: "change-type"; readonly table: string; readonly column: string }
  | { readonly kind: "drop-default"; readonly table: string; readonly column: string }
  | {
      readonly kind: "add-constraint";
      readonly table: string;
      readonly constraint: "check" | "foreign-key" | "unique" | "primary-key" | "exclusion";
      readonly name: string | null;
      readonly columns: readonly string[];
      readonly notValid: boolean;
      /** It takes an index that is there. */
      readonly usesIndex: boolean;
    }
  | { readonly kind: "create-index"; readonly table: string; readonly concurrently: boolean }
  | { readonly kind: "drop-index"; readonly name: string; readonly concurrently: boolean }
  | { readonly kind: "create-table"; readonly table: string }
  | { readonly kind: "change-rows"; readonly table: string }
  | { readonly kind: "other"; readonly table: string | null };

/** What a statement changes; several things for one ALTER TABLE. */
export function changesOf(tree: Node): readonly TableChange[] {
  if ("AlterTableStmt" in tree) {
    const { relation, cmds = [], objtype } = tree.AlterTableStmt;
    const table = nameOf(relation);
    if (objtype !== "OBJECT_TABLE") return [{ kind: "other", table }];
    return cmds.map((command) =>
      "AlterTableCmd" in command ? ofCommand(table, command.AlterTableCmd) : { kind: "other", table },
    );
  }
  if ("RenameStmt" in tree) {
    const { renameType, relation, subname = "", newname: to = "" } = tree.RenameStmt;
    const table = nameOf(relation);
    if (renameType === "OBJECT_COLUMN") return [{ kind: "rename-column", table, column: subname, to }];
    return renameType === "OBJECT_TABLE"
      ? [{ kind: "rename-table", table, to }]
      : [{ kind: "other", table: table === "" ? null : table }];
  }
  if ("IndexStmt" in tree) {
    const { relation, concurrent = false } = tree.IndexStmt;
    return [{ kind: "create-index", table: nameOf(relation), concurrently: concurrent }];
  }
  if ("DropStmt" in tree) {
    const { removeType, objects = [], concurrent = false } = tree.DropStmt;
    const names = objects.map(droppedName);
    if (removeType === "OBJECT_TABLE") return names.map((table) => ({ kind: "drop-table", table }));
    if (removeType === "OBJECT_INDEX")
      return names.map((name) => ({ kind: "drop-index", name, concurrently: concurrent }));
    return [{ kind: "other", table: null }];
  }
  if ("CreateStmt" in tree) return [{ kind: "create-table", table: nameOf(tree.CreateStmt.relation) }];
  if ("UpdateStmt" in tree) return [{ kind: "change-rows", table: nameOf(tree.UpdateStmt.relation) }];
  if ("DeleteStmt" in tree) return [{ kind: "change-rows", table: nameOf(tree.DeleteStmt.relation) }];
  if ("InsertStmt" in tree) return [{ kind: "change-rows", table: nameOf(tree.InsertStmt.relation) }];
  return [{ kind: "other", table: null }];
}

function ofCommand(table: string, { subtype, name: column = "", def }: AlterTableCmd): TableChange {
  switch (subtype) {
    case "AT_AddColumn":
      return def !== undefined && "ColumnDef" in def
        ? addedColumn(table, def.ColumnDef)
        : { kind: "other", table };
    case "AT_DropColumn":
      return { kind: "drop-column", table, column };
    case "AT_SetNotNull":
      return { kind: "set-not-null", table, column };
    case "AT_AlterColumnType":
      return { kind: "change-type", table, column };
    case "AT_ColumnDefault":
      return def === undefined ? { kind: "drop-default", table, column } : { kind: "other", table };
    case "AT_AddConstraint":
      return def !== undefined && "Constraint" in def
        ? addedConstraint(table, def)
        : { kind: "other", table };
    default:
      return { kind: "other", table };
  }
}

function addedColumn(table: string, { colname = "", constraints = [] }: ColumnDef): TableChange {
  const kinds = constraints.flatMap((constraint) =>
    "Constraint" in constraint ? [constraint.Constraint] : [],
  );
  const has = (type: string): boolean => kinds.some(({ contype }) => contype === type);
  const foreign = kinds.find(({ contype }) => contype === "CONSTR_FOREIGN");
  return {
    kind: "add-column",
    table,
    column: colname,
    notNull: has("CONSTR_NOTNULL") || has("CONSTR_PRIMARY"),
    hasDefault: has("CONSTR_DEFAULT") || has("CONSTR_IDENTITY") || has("CONSTR_GENERATED"),
    references: foreign?.pktable === undefined ? null : nameOf(foreign.pktable),
  };
}

const CONSTRAINTS: Readonly<Record<string, Extract<TableChange, { kind: "add-constraint" }>["constraint"]>> =
  {
    CONSTR_CHECK: "check",
    CONSTR_FOREIGN: "foreign-key",
    CONSTR_UNIQUE: "unique",
    CONSTR_PRIMARY: "primary-key",
    CONSTR_EXCLUSION: "exclusion",
  };

function addedConstraint(
  table: string,
  { Constraint: parts }: Extract<Node, { Constraint: unknown }>,
): TableChange {
  const constraint = CONSTRAINTS[parts.contype ?? ""];
  if (constraint === undefined) return { kind: "other", table };
  const columns = [...(parts.keys ?? []), ...(parts.fk_attrs ?? [])].flatMap(textOf);
  return {
    kind: "add-constraint",
    table,
    constraint,
    name: parts.conname ?? null,
    columns,
    notValid: parts.skip_validation ?? false,
    usesIndex: parts.indexname !== undefined,
  };
}

/** As the lab names it. */
function nameOf(relation: { readonly schemaname?: string; readonly relname?: string } | undefined): string {
  const { schemaname, relname = "" } = relation ?? {};
  return schemaname === undefined || schemaname === "public" ? relname : `${schemaname}.${relname}`;
}

function droppedName(object: Node): string {
  const parts = "List" in object ? (object.List.items ?? []).flatMap(textOf) : textOf(object);
  return parts.filter((part, index) => !(index === 0 && parts.length > 1 && part === "public")).join(".");
}
