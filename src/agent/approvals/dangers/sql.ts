import type { PostgresParser } from "../../../database/sql/parse-postgres.ts";
import type { SqlDialect } from "../../../workspace/ir/query.ts";
import type { Danger } from "../../tools/tool.ts";

/** Kinds of statement, and what to say about each. What begins with `Drop` is told apart below. */
const STATEMENTS: Readonly<Record<string, Danger>> = {
  TruncateStmt: { name: "truncate", what: "It empties a table." },
  DoStmt: { name: "code", what: "It runs a block of code in the database." },
  CreateFunctionStmt: { name: "code", what: "It defines code in the database." },
  CreateTrigStmt: { name: "code", what: "It makes the database run code by itself." },
  CreateEventTrigStmt: { name: "code", what: "It makes the database run code by itself." },
  RuleStmt: { name: "code", what: "It makes the database rewrite statements." },
  CallStmt: { name: "code", what: "It calls a procedure." },
  LoadStmt: { name: "code", what: "It loads a library into the server." },
  CreateExtensionStmt: { name: "code", what: "It installs an extension." },
  AlterSystemStmt: { name: "server", what: "It changes settings of the server." },
  GrantStmt: { name: "permissions", what: "It changes who may do what." },
  GrantRoleStmt: { name: "permissions", what: "It changes who may do what." },
  AlterDefaultPrivilegesStmt: { name: "permissions", what: "It changes who may do what." },
  CreateRoleStmt: { name: "permissions", what: "It makes a role." },
  AlterRoleStmt: { name: "permissions", what: "It changes a role." },
  AlterRoleSetStmt: { name: "permissions", what: "It changes a role." },
  AlterOwnerStmt: { name: "permissions", what: "It changes an owner." },
  ReassignOwnedStmt: { name: "permissions", what: "It changes owners." },
  VariableSetStmt: { name: "settings", what: "It changes settings of the session." },
  ExecuteStmt: { name: "code", what: "It runs a statement that is not shown." },
  CreatedbStmt: { name: "server", what: "It makes a database." },
  AlterDatabaseStmt: { name: "server", what: "It changes a database." },
  AlterDatabaseSetStmt: { name: "server", what: "It changes a database." },
};

/** Functions that reach beyond the rows of a query. */
const FUNCTIONS =
  /^(?:pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|pg_read_(?:binary_)?file|pg_ls_\w+|pg_stat_file|pg_file_\w+|pg_promote|pg_switch_wal|lo_\w+|dblink\w*|postgres_fdw\w*|query_to_xml\w*|cursor_to_xml\w*|set_config|setval|pg_advisory_\w+|pg_sleep\w*|load_file|sys_exec|sys_eval|load_extension|xp_cmdshell)$/i;

/**
 * What in some SQL asks for a person whatever is set: what drops, empties, changes all rows, runs code, or cannot be
 * read. For another dialect than PostgreSQL's, what the two read differently counts as not understood.
 */
export async function sqlDangers(
  sql: string,
  dialect: SqlDialect,
  parser: PostgresParser,
): Promise<readonly Danger[]> {
  if (/\/\*!|\/\*M!/i.test(sql))
    return [{ name: "hidden", what: "It has comments that some databases run." }];
  if (dialect !== "postgresql" && /\\['"`]/.test(sql))
    return [notUnderstood("It has a backslash before a quote, which databases read differently.")];
  const parsed = await parser.parseStatements(withParameters(sql));
  if (parsed.kind === "rejected")
    return [notUnderstood(`It cannot be read as SQL: ${parsed.message}.`), ...wordDangers(sql)];
  const found = new Map<string, Danger>();
  for (const { tree } of parsed.statements)
    for (const danger of treeDangers(tree)) found.set(danger.what, danger);
  return [...found.values()];
}

/** Placeholders of drivers as PostgreSQL's own; inside of strings a wrong one changes nothing that matters here. */
function withParameters(sql: string): string {
  const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|%\(\w+\)s|%s|(?<![?|&@#-])\?(?![?|&])/g;
  return sql.replace(parts, (part: string) => (part.startsWith("%") || part === "?" ? "$1" : part));
}

function treeDangers(tree: unknown): readonly Danger[] {
  const found: Danger[] = [];
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      const danger = nodeDanger(key, value);
      if (danger) found.push(danger);
      open.push(value);
    }
  }
  return found;
}

function nodeDanger(kind: string, node: unknown): Danger | null {
  const known = Object.hasOwn(STATEMENTS, kind) ? STATEMENTS[kind] : undefined;
  if (known) return known;
  if (typeof node !== "object" || node === null) return null;
  if (/^Drop\w*(?:Stmt)$|^DropdbStmt$/.test(kind)) return { name: "drop", what: "It drops something." };
  const where = "whereClause" in node ? node.whereClause : undefined;
  if (kind === "DeleteStmt" && isEveryRow(where))
    return { name: "delete-without-where", what: "It deletes every row of a table." };
  if (kind === "UpdateStmt" && isEveryRow(where))
    return { name: "update-without-where", what: "It changes every row of a table." };
  if (kind === "MergeWhenClause" && "commandType" in node && node.commandType === "CMD_DELETE")
    return { name: "merge-delete", what: "It deletes the rows that a merge finds." };
  if (
    kind === "AlterTableCmd" &&
    "subtype" in node &&
    /Drop(?:Column|Constraint)|AlterColumnType|DisableTrig|DisableRowSecurity/.test(String(node.subtype))
  )
    return { name: "drop", what: "It takes a column, a constraint or a protection away from a table." };
  if (kind === "CopyStmt" && ("is_program" in node || "filename" in node))
    return { name: "files", what: "It reads or writes files of the server, or runs a program there." };
  if (kind === "FuncCall" && "funcname" in node && FUNCTIONS.test(lastName(node.funcname)))
    return { name: "function", what: `It calls ${lastName(node.funcname)}, which reaches beyond rows.` };
  return null;
}

/** Whether a condition lets every row through: there is none, or it is true whatever a row holds. */
function isEveryRow(where: unknown): boolean {
  return where === undefined || where === null || truth(where) === true;
}

/** What a condition is, whatever a row holds; null when that depends. */
function truth(node: unknown): boolean | null {
  if (typeof node !== "object" || node === null) return null;
  const [kind, body] = Object.entries(node)[0] ?? [];
  if (typeof body !== "object" || body === null) return null;
  if (kind === "A_Const") return constantTruth(body);
  if (kind === "TypeCast" && "arg" in body) return truth(body.arg);
  if (kind === "NullTest" && "nulltesttype" in body) return body.nulltesttype === "IS_NOT_NULL" ? true : null;
  if (kind === "BooleanTest" && "arg" in body) return truth(body.arg);
  if (kind === "BoolExpr" && "args" in body && Array.isArray(body.args) && "boolop" in body) {
    const args: readonly unknown[] = body.args;
    const parts = args.map(truth);
    if (body.boolop === "NOT_EXPR") return parts[0] === undefined || parts[0] === null ? null : !parts[0];
    if (body.boolop === "OR_EXPR")
      return parts.includes(true) ? true : parts.every((part) => part === false) ? false : null;
    return parts.includes(false) ? false : parts.every((part) => part === true) ? true : null;
  }
  if (kind === "A_Expr" && "lexpr" in body && "rexpr" in body && "name" in body) {
    const operator = lastName(body.name);
    const same = shapeOf(body.lexpr) === shapeOf(body.rexpr);
    if (same)
      return ["=", "<=", ">=", "~~"].includes(operator)
        ? true
        : ["<>", "<", ">"].includes(operator)
          ? false
          : null;
    if (/^!?~~\*?$/.test(operator) && /"sval":"%+"/.test(shapeOf(body.rexpr)))
      return !operator.startsWith("!");
    // Two different constants: what comes of them is not worked out, but no row has a part in it.
    if (isConstant(body.lexpr) && isConstant(body.rexpr)) return operator !== "=";
  }
  return null;
}

function constantTruth(constant: object): boolean | null {
  if ("boolval" in constant) {
    const { boolval } = constant;
    return (
      typeof boolval === "object" && boolval !== null && "boolval" in boolval && boolval.boolval === true
    );
  }
  if ("ival" in constant) {
    const { ival } = constant;
    return typeof ival === "object" && ival !== null && "ival" in ival && ival.ival !== 0;
  }
  return "sval" in constant ? true : null;
}

function isConstant(node: unknown): boolean {
  return typeof node === "object" && node !== null && Object.keys(node)[0] === "A_Const";
}

function shapeOf(node: unknown): string {
  return JSON.stringify(node, (key, value) => (key === "location" ? undefined : value)) ?? "";
}

function lastName(names: unknown): string {
  const last = Array.isArray(names) ? names.at(-1) : undefined;
  return /"sval":"([^"]*)"/.exec(JSON.stringify(last) ?? "")?.[1] ?? "";
}

/** Words that a text which no parser takes still gives away. */
function wordDangers(sql: string): readonly Danger[] {
  const words = sql.toLowerCase();
  const found: Danger[] = [];
  if (/\bdrop\b/.test(words)) found.push({ name: "drop", what: "It speaks of dropping something." });
  if (/\btruncate\b/.test(words)) found.push({ name: "truncate", what: "It speaks of emptying a table." });
  if (/\bdelete\b/.test(words) && !/\bwhere\b/.test(words))
    found.push({ name: "delete-without-where", what: "It deletes every row of a table." });
  return found;
}

function notUnderstood(what: string): Danger {
  return { name: "not-understood", what };
}
