import type { ClassRef } from "../../languages/python/class-graph.ts";
import { stringValue } from "../../languages/python/expressions.ts";
import type { ClassFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { listSetting } from "./settings.ts";
import { attributeOf, constantOf } from "./values.ts";

export interface App {
  /** Folder of the app's package. */
  readonly folder: string;
  readonly label: string;
  /** Dotted class of the implicit primary key, where the app's config names one. */
  readonly autoField: string | null;
  readonly installed: boolean;
}

/** Apps by folder: those with an AppConfig, those that are installed, and folders with migrations. */
export function findApps(project: DjangoProject): ReadonlyMap<string, App> {
  const apps = new Map<string, App>();
  for (const uri of project.facts.keys()) {
    const [, folder] = /^(.*)\/migrations\/[^/]+\.py$/.exec(uri) ?? [];
    if (folder && !apps.has(folder))
      apps.set(folder, { folder, label: lastPart(folder), autoField: null, installed: false });
  }
  for (const ref of project.classes.all()) {
    const app = isAppConfig(project, ref) ? readAppConfig(project, ref) : null;
    if (app && !apps.get(app.folder)?.autoField) apps.set(app.folder, app);
  }
  for (const settings of project.settings) {
    for (const entry of listSetting(project, settings, "INSTALLED_APPS")) {
      const app = readInstalled(project, entry, settings.uri);
      if (app) apps.set(app.folder, app);
    }
  }
  return apps;

  function readInstalled(inside: DjangoProject, entry: string, from: string): App | null {
    const found = inside.names.resolvePath(entry, from);
    if (found.kind === "definition") {
      const ref = inside.classes.get(found.uri, found.name);
      const app = ref && readAppConfig(inside, ref);
      return app && { ...app, installed: true };
    }
    if (found.kind !== "module") return null;
    const known = apps.get(found.path);
    if (known) return { ...known, installed: true };
    return { folder: found.path, label: lastPart(found.path), autoField: null, installed: true };
  }
}

function isAppConfig(project: DjangoProject, ref: ClassRef<ClassFacts>): boolean {
  if (!ref.uri.endsWith("apps.py") && !/Config$/.test(ref.declaration.name)) return false;
  return project.classes
    .linearize(ref)
    .some(
      (step) => step.kind === "external" && /^django\.(apps(\.config)?\.AppConfig|contrib\.)/.test(step.name),
    );
}

function readAppConfig(project: DjangoProject, ref: ClassRef<ClassFacts>): App | null {
  const text = (name: string) => {
    const attribute = attributeOf(project, ref, name);
    return attribute && stringValue(constantOf(project, attribute).expression);
  };
  const name = text("name");
  const module = name === null ? null : project.names.module(name, ref.uri);
  const folder = module?.path ?? ref.uri.split("/").slice(0, -1).join("/");
  const label = text("label") ?? (name === null ? lastPart(folder) : name.slice(name.lastIndexOf(".") + 1));
  return { folder, label, autoField: text("default_auto_field"), installed: false };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
