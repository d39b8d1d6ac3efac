import type { SqlDialect } from "../../ir/query.ts";
import type { PrismaEnum, PrismaModel } from "../../languages/prisma/schema.ts";
import { folderOf, joinPath } from "../../languages/typescript/module-location.ts";
import type { FactsByUri } from "../stack.ts";
import { attributeOf, mappedName, textOf } from "./attributes.ts";
import type { PrismaFacts } from "./facts.ts";
import { type Provider, providerOf } from "./native-types.ts";

export interface Placed<T> {
  readonly uri: string;
  readonly declaration: T;
}

/** All files that make up one Prisma schema: one datasource. */
export interface SchemaProject {
  /** Uri of the file with the datasource; of the first file where none has one. */
  readonly root: string;
  readonly provider: Provider;
  /** Foreign keys exist in the database; false with `relationMode = "prisma"` and on MongoDB. */
  readonly enforcesRelations: boolean;
  readonly models: ReadonlyMap<string, Placed<PrismaModel>>;
  readonly compositeTypes: ReadonlyMap<string, Placed<PrismaModel>>;
  readonly enums: ReadonlyMap<string, Placed<PrismaEnum>>;
  /** Folders, relative to the workspace, that clients are generated into. */
  readonly clientFolders: readonly string[];
  /** Catalog ids and qualified names are prefixed with this, where another schema has models of the same names. */
  readonly prefix: string;
}

/**
 * Puts schema files together: a file belongs to the datasource in its own folder or in the nearest folder above it
 * (Prisma reads a `schema` folder as one schema); two datasources in one folder are two schemas of one file each.
 */
export function schemaProjects(facts: FactsByUri<PrismaFacts>): readonly SchemaProject[] {
  const roots = new Map<string, string[]>();
  const files: string[] = [];
  for (const [uri, fact] of facts) {
    if (fact.kind !== "schema") continue;
    files.push(uri);
    if (fact.file.configurations.some((block) => block.kind === "datasource")) {
      const folder = folderOf(uri);
      roots.set(folder, [...(roots.get(folder) ?? []), uri]);
    }
  }
  const members = new Map<string, string[]>();
  for (const uri of files) {
    const root = rootOf(uri, roots) ?? folderOf(uri);
    members.set(root, [...(members.get(root) ?? []), uri]);
  }
  const seen = new Set<string>();
  return [...members].map(([root, uris]) => {
    const project = assemble(root, uris, facts);
    const clashes = [...project.models.keys()].some((name) => seen.has(name));
    for (const name of project.models.keys()) seen.add(name);
    return clashes ? { ...project, prefix: `${root.replace(/\.prisma$/, "")}#` } : project;
  });
}

function rootOf(uri: string, roots: ReadonlyMap<string, readonly string[]>): string | null {
  for (let folder = folderOf(uri); ; folder = folderOf(folder)) {
    const here = roots.get(folder);
    if (here?.includes(uri)) return uri;
    if (here) return here[0] ?? null;
    if (folder === "") return null;
  }
}

function assemble(root: string, uris: readonly string[], facts: FactsByUri<PrismaFacts>): SchemaProject {
  const models = new Map<string, Placed<PrismaModel>>();
  const compositeTypes = new Map<string, Placed<PrismaModel>>();
  const enums = new Map<string, Placed<PrismaEnum>>();
  const clientFolders: string[] = [];
  let provider: string | null = null;
  let relationMode: string | null = null;
  for (const uri of uris) {
    const fact = facts.get(uri);
    if (fact?.kind !== "schema") continue;
    for (const declaration of fact.file.models) {
      const kept = declaration.kind === "type" ? compositeTypes : models;
      if (!kept.has(declaration.name)) kept.set(declaration.name, { uri, declaration });
    }
    for (const declaration of fact.file.enums) enums.set(declaration.name, { uri, declaration });
    for (const block of fact.file.configurations) {
      const property = (name: string) =>
        textOf(block.properties.find((candidate) => candidate.name === name)?.value ?? null);
      if (block.kind === "datasource") {
        provider = property("provider");
        relationMode = property("relationMode");
      } else {
        const output = property("output");
        if (output !== null) clientFolders.push(joinPath(folderOf(uri), output));
      }
    }
  }
  const known = providerOf(provider);
  return {
    root,
    provider: known,
    enforcesRelations: known !== "mongodb" && relationMode !== "prisma",
    models,
    compositeTypes,
    enums,
    clientFolders,
    prefix: "",
  };
}

export function dialectOf(project: SchemaProject | undefined): SqlDialect {
  switch (project?.provider) {
    case "postgresql":
    case "cockroachdb":
      return "postgresql";
    case "mysql":
    case "sqlite":
      return project.provider;
    default:
      return "unknown";
  }
}

export function modelId(project: SchemaProject, name: string): string {
  return `model:prisma:${project.prefix}${name}`;
}

export function namespaceOf(model: PrismaModel): string {
  return textOf(attributeOf(model, "schema")?.args[0]?.value ?? null) ?? "";
}

export function qualifiedName(project: SchemaProject, model: PrismaModel): string {
  const namespace = namespaceOf(model);
  return project.prefix + (namespace === "" ? model.name : `${namespace}.${model.name}`);
}

export function tableOf(model: PrismaModel): string {
  return mappedName(model);
}

/** `User` is `prisma.user`. */
export function delegateName(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}
