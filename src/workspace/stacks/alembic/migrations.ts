import type { Gap } from "../../ir/entry.ts";
import type { Migration, MigrationOperation } from "../../ir/migration.ts";
import type { Expression } from "../../languages/expression.ts";
import type { Call } from "../../languages/python/expressions.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { PythonProject } from "../python/project.ts";
import { substitute } from "../python/substitute.ts";
import type { FactsByUri } from "../stack.ts";
import type { AlembicFacts, DirectionFacts, OperationFacts, RevisionFacts } from "./facts.ts";
import { type ReadOperation, readOperation } from "./operation-sql.ts";
import { pairReverse, type Step } from "./reverse.ts";

/** The migrations of the workspace, with the statements that each operation becomes on PostgreSQL. */
export function resolveMigrations(facts: FactsByUri<AlembicFacts>): readonly Migration[] {
  const project = new PythonProject(facts);
  const found = [...facts].flatMap(([uri, { migration }]) =>
    migration ? [{ uri, migration, folder: folderOf(uri) }] : [],
  );
  const apps = appNames(found.map(({ folder }) => folder));
  const ids = new Map<string, string>();
  const byLabel = new Map<string, string>();
  for (const { migration, folder } of found) {
    const id = `migration:${apps.get(folder) || "alembic"}.${migration.revision}`;
    ids.set(`${folder}\n${migration.revision}`, id);
    for (const label of migration.labels) byLabel.set(`${folder}\n${label}`, id);
  }
  const taken = new Set<string>();
  return found.flatMap(({ uri, migration, folder }) => {
    const id = ids.get(`${folder}\n${migration.revision}`) ?? "";
    // Two files with one revision: Alembic refuses them, and one of them is enough.
    if (taken.has(id)) return [];
    taken.add(id);
    const lookUp = (name: string) =>
      ids.get(`${folder}\n${name}`) ??
      byLabel.get(`${folder}\n${name.replace(/@.*$/, "")}`) ??
      shortened(ids, folder, name);
    return [build(project, uri, migration, { id, app: apps.get(folder) ?? "", lookUp })];
  });
}

interface Identity {
  readonly id: string;
  readonly app: string;
  lookUp(name: string): string | null;
}

function build(
  project: PythonProject<AlembicFacts>,
  uri: string,
  migration: RevisionFacts,
  { id, app, lookUp }: Identity,
): Migration {
  const upgrade = stepsOf(project, uri, migration.upgrade);
  const downgrade = stepsOf(project, uri, migration.downgrade);
  const gaps: Gap[] = [];
  const reverse = pairReverse(upgrade, downgrade, migration.downgrade?.raises === true);
  const operations = upgrade.map((step, at): MigrationOperation => {
    const { facts, read } = step;
    const source: SourceRef = { uri, range: rangeOf(facts.span), hash: facts.hash };
    const why = gapOf(facts, read);
    if (why !== null) gaps.push({ what: `operation ${at + 1} (op.${facts.name})`, why, source });
    return {
      name: facts.name.startsWith("enum.") ? facts.name : `op.${facts.name}`,
      summary: summaryOf(facts, read),
      table: read.table,
      model: null,
      columns: read.columns,
      text: facts.text,
      sql: read.sql,
      reverseSql: reverse[at]?.sql ?? null,
      reversible: reverse[at]?.reversible ?? null,
      source,
    };
  });
  const place: SourceRef = { uri, range: rangeOf(migration.span), hash: migration.hash };
  if (!migration.upgrade)
    gaps.push({ what: "operations", why: "there is no function upgrade() in the file", source: place });
  const others = migration.upgrade?.others ?? [];
  if (others.length > 0) {
    const source: SourceRef = {
      uri,
      range: rangeOf(migration.upgrade?.span ?? migration.span),
      hash: migration.hash,
    };
    gaps.push({
      what: "code beside the operations",
      why: `it calls ${others.slice(0, 5).join(", ")}; what that changes is not read`,
      source,
    });
  }
  const needed = [...migration.down, ...migration.dependsOn];
  return {
    kind: "migration",
    id,
    name: nameOf(uri, migration),
    uri,
    range: place.range,
    nameRange: rangeOf(migration.nameSpan),
    hash: migration.hash,
    stack: "alembic",
    confidence: gaps.length > 0 ? "partial" : "certain",
    reason: "module with revision and down_revision of Alembic",
    gaps,
    app,
    dependencies: needed.flatMap((name) => lookUp(name) ?? []),
    externalDependencies: needed.filter((name) => lookUp(name) === null),
    operations,
    transactional: !migration.upgrade?.operations.some(({ autocommit }) => autocommit),
    reversible: reversibleOf(operations, migration),
    modelIds: [],
  };
}

function stepsOf(
  project: PythonProject<AlembicFacts>,
  uri: string,
  direction: DirectionFacts | null,
): readonly Step[] {
  if (!direction) return [];
  const locals = new Map<string, Expression>();
  for (const { target, value } of direction.locals) if (value) locals.set(target, value);
  return direction.operations.map((facts) => {
    const call = substitute(facts.call, locals);
    const expression: Call = call.k === "call" ? call : facts.call;
    return { facts, read: readOperation(project, facts.name, { uri, scope: "", expression }, facts.batch) };
  });
}

function gapOf(facts: OperationFacts, read: ReadOperation): string | null {
  if (facts.conditional)
    return "it stands under a condition or in a loop: whether and how often it runs is not known";
  if (read.sql !== null) return null;
  if (facts.name === "execute") return "the statement is put together when the migration runs";
  if (facts.name === "bulk_insert") return "it inserts rows, which are not read";
  return "a name, a type or an expression in it is computed, or not known here";
}

function summaryOf({ name }: OperationFacts, { table, columns, subject, sql }: ReadOperation): string {
  if (name === "execute") return `execute ${(sql?.[0] ?? "…").replace(/\s+/g, " ").slice(0, 80)}`;
  const where =
    table === null
      ? ""
      : name.endsWith("_column") && columns[0] !== undefined
        ? `${table}.${columns[0]}`
        : table;
  const what =
    subject === null
      ? where
      : where === ""
        ? subject
        : name === "rename_table"
          ? `${where} to ${subject}`
          : `${subject} on ${where}`;
  return `${name} ${what}`.trim();
}

function reversibleOf(operations: readonly MigrationOperation[], migration: RevisionFacts): boolean | null {
  if (operations.length === 0) return migration.upgrade === null ? null : true;
  if (!migration.downgrade || migration.downgrade.raises) return false;
  if (migration.downgrade.operations.length === 0 && migration.downgrade.others.length === 0) return false;
  if (operations.every(({ reversible }) => reversible === true)) return true;
  return operations.some(({ reversible }) => reversible === false) ? false : null;
}

/** `<revision>_<slug>`: the slug of the file's name, else of its message. */
function nameOf(uri: string, { revision, message }: RevisionFacts): string {
  const file = uri.slice(uri.lastIndexOf("/") + 1).replace(/\.py$/, "");
  const at = file.indexOf(revision);
  const after = at < 0 ? "" : file.slice(at + revision.length).replace(/^[_-]+/, "");
  const slug = after || (at > 0 ? "" : slugOf(message ?? (at < 0 ? file : "")));
  return slug === "" ? revision : `${revision}_${slug}`;
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
}

/** The folder of a line of migrations: what holds `versions`. */
function folderOf(uri: string): string {
  const parts = uri.split("/").slice(0, -1);
  const at = parts.lastIndexOf("versions");
  return (at < 0 ? parts : parts.slice(0, at)).join("/");
}

/** One line needs no name; several are told apart by as many folders of their path as it takes. */
function appNames(folders: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(folders)];
  if (all.length <= 1) return new Map(all.map((folder) => [folder, ""]));
  return new Map(
    all.map((folder) => {
      const parts = folder.split("/");
      for (let length = 1; length <= parts.length; length++) {
        const name = parts.slice(-length).join("/");
        if (all.filter((other) => other === name || other.endsWith(`/${name}`)).length === 1)
          return [folder, name];
      }
      return [folder, folder];
    }),
  );
}

/** A revision may be shortened to the start of it. */
function shortened(ids: ReadonlyMap<string, string>, folder: string, name: string): string | null {
  if (name.length < 4) return null;
  const found = [...ids].filter(([key]) => key.startsWith(`${folder}\n${name}`));
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}
