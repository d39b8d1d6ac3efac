import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  booleanValue,
  calledName,
  listItems,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import { compareText } from "../../source.ts";
import type { ClassFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { userModel } from "./relation-spec.ts";
import { flatten } from "./settings.ts";
import { constantOf, type Written } from "./values.ts";

/** One migration file. */
export interface MigrationNode {
  /** `app.name`. */
  readonly key: string;
  readonly app: string;
  readonly name: string;
  readonly ref: ClassRef<ClassFacts>;
  /** Keys of migrations of the workspace that come before. */
  readonly dependencies: readonly string[];
  readonly external: readonly string[];
  readonly replaces: readonly string[];
  readonly atomic: boolean;
  readonly operations: readonly Written[];
  /** `operations` is not a list that can be read. */
  readonly unreadable: boolean;
}

/** Migrations of the workspace by key. */
export function findMigrations(project: DjangoProject): ReadonlyMap<string, MigrationNode> {
  const files = new Map<string, { app: string; name: string; ref: ClassRef<ClassFacts> }>();
  for (const ref of project.classes.all()) {
    if (ref.qualname !== "Migration" || !isMigration(project, ref)) continue;
    const parts = ref.uri.replace(/\.py$/, "").split("/");
    const name = parts.at(-1) ?? "";
    const app = project.appOf(ref.uri).label;
    if (!files.has(`${app}.${name}`)) files.set(`${app}.${name}`, { app, name, ref });
  }
  const byApp = new Map<string, { readonly name: string }[]>();
  for (const file of files.values()) byApp.set(file.app, [...(byApp.get(file.app) ?? []), file]);
  const nodes = new Map<string, MigrationNode>();
  for (const [key, file] of files) nodes.set(key, readNode(project, key, file, files, byApp));
  return withRunBefore(project, nodes);
}

function isMigration(project: DjangoProject, ref: ClassRef<ClassFacts>): boolean {
  return project.classes
    .linearize(ref)
    .some((step) => step.kind === "external" && /^django\.db\.migrations\b.*Migration$/.test(step.name));
}

type Files = ReadonlyMap<string, { readonly app: string; readonly name: string }>;

function readNode(
  project: DjangoProject,
  key: string,
  file: { app: string; name: string; ref: ClassRef<ClassFacts> },
  files: Files,
  byApp: ReadonlyMap<string, readonly { readonly name: string }[]>,
): MigrationNode {
  const { ref } = file;
  const attribute = (name: string): Written | null => {
    const value = ref.declaration.assignments.findLast(
      (item) => item.target === name && item.operator === "=",
    )?.value;
    return value ? { uri: ref.uri, scope: ref.qualname, expression: value } : null;
  };
  const dependencies: string[] = [];
  const external: string[] = [];
  for (const written of listOf(project, attribute("dependencies"))) {
    const wanted = dependencyOf(project, written, file.app);
    const found = wanted && keyOf(wanted, files, byApp);
    if (found && found !== key) dependencies.push(found);
    else if (!found && wanted) external.push(wanted.label);
  }
  const replaces = listOf(project, attribute("replaces")).flatMap(
    (written) => dependencyOf(project, written, file.app)?.label ?? [],
  );
  const operations = attribute("operations");
  const constant = operations && constantOf(project, operations);
  return {
    key,
    app: file.app,
    name: file.name,
    ref,
    dependencies: [...new Set(dependencies)],
    external,
    replaces,
    atomic: booleanValue(attribute("atomic")?.expression ?? null) !== false,
    operations: listOf(project, operations),
    unreadable:
      constant !== null && listItems(constant.expression) === null && constant.expression.k !== "binary",
  };
}

function listOf(project: DjangoProject, written: Written | null): readonly Written[] {
  return written ? flatten(project, written, 0) : [];
}

interface Dependency {
  readonly app: string;
  readonly name: string;
  /** As a person reads it: `auth.0012_alter_user_first_name_max_length`. */
  readonly label: string;
}

function dependencyOf(project: DjangoProject, written: Written, app: string): Dependency | null {
  const { expression } = written;
  if (calledName(expression) === "swappable_dependency" && expression.k === "call") {
    const [setting] = positionalArguments(expression);
    const label = setting && stringValue(setting);
    const model = label ?? userModel(project, written.uri);
    return { app: model.split(".")[0] ?? "", name: "__first__", label: `${model.split(".")[0]}.__first__` };
  }
  const [first, second] = listItems(constantOf(project, written).expression) ?? [];
  const name = second && stringValue(second);
  const named =
    first &&
    (stringValue(first) ??
      (constantOf(project, { ...written, expression: first }).expression.k === "string"
        ? stringValue(constantOf(project, { ...written, expression: first }).expression)
        : app));
  return name && named ? { app: named, name, label: `${named}.${name}` } : null;
}

function keyOf(
  wanted: Dependency,
  files: Files,
  byApp: ReadonlyMap<string, readonly { readonly name: string }[]>,
): string | null {
  if (files.has(wanted.label)) return wanted.label;
  const names = (byApp.get(wanted.app) ?? []).map((file) => file.name).sort(compareText);
  if (wanted.name === "__first__") return names[0] === undefined ? null : `${wanted.app}.${names[0]}`;
  return wanted.name === "__latest__" && names.length > 0 ? `${wanted.app}.${names.at(-1)}` : null;
}

/** `run_before` is a dependency written at the other end. */
function withRunBefore(
  project: DjangoProject,
  nodes: Map<string, MigrationNode>,
): ReadonlyMap<string, MigrationNode> {
  for (const node of [...nodes.values()]) {
    const value = node.ref.declaration.assignments.find((item) => item.target === "run_before")?.value;
    if (!value) continue;
    for (const written of flatten(project, { uri: node.ref.uri, scope: "", expression: value }, 0)) {
      const later = nodes.get(dependencyOf(project, written, node.app)?.label ?? "");
      if (later) nodes.set(later.key, { ...later, dependencies: [...later.dependencies, node.key] });
    }
  }
  return nodes;
}

/** Migrations in an order in which each comes after what it depends on; cycles are cut. */
export function inOrder(
  nodes: ReadonlyMap<string, MigrationNode>,
  alias: (key: string) => string = (key) => key,
): readonly MigrationNode[] {
  const order: MigrationNode[] = [];
  const state = new Map<string, "open" | "done">();
  for (const start of [...nodes.keys()].sort(compareText)) {
    const stack: { key: string; next: number; wanted: readonly string[] }[] = [];
    const open = (key: string) => {
      const node = nodes.get(key);
      if (!node || state.has(key)) return;
      state.set(key, "open");
      stack.push({ key, next: 0, wanted: [...new Set(node.dependencies.map(alias))].sort(compareText) });
    };
    open(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const wanted = top.wanted[top.next++];
      if (wanted !== undefined) {
        open(wanted);
        continue;
      }
      stack.pop();
      state.set(top.key, "done");
      const node = nodes.get(top.key);
      if (node) order.push(node);
    }
  }
  return order;
}
