import type { Catalog } from "../../workspace/catalog.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { CatalogEntry as DescribedEntry } from "../spec/data-environment.ts";
import type { SearchDocument } from "./search-index.ts";

/** Most characters of a query that are looked at. */
const LONGEST_TEXT = 2_000;

/** Everything that can be found in a workspace, with what people say about it; what they describe besides is its own. */
export function documentsOf(
  catalog: Catalog,
  described: readonly DescribedEntry[],
): readonly SearchDocument[] {
  const joined = new Set<DescribedEntry>();
  const about = (...names: readonly (string | null)[]): string => {
    const wanted = names.flatMap((name) => (name === null ? [] : [name.toLowerCase()]));
    const found = described.filter(({ name }) => wanted.includes(name.toLowerCase()));
    for (const entry of found) joined.add(entry);
    return found.flatMap(({ description, aliases }) => [description, ...aliases]).join(" ");
  };
  const documents = [
    ...catalog.models.flatMap((model) => modelDocuments(model, about)),
    ...catalog.routes.map((route): SearchDocument => {
      const guards = route.guards.map((guard) => guard.name);
      const models = route.modelIds.flatMap((id) => catalog.model(id)?.qualifiedName ?? []);
      return {
        id: route.id,
        kind: "route",
        name: route.name,
        place: `${route.uri}:${route.range.start.line + 1}`,
        summary: oneLine([route.handler, guards.length === 0 ? "no guards" : guards.join(", ")].join(" · ")),
        text: [
          route.handler,
          ...route.parameters.map((parameter) => parameter.name),
          route.body?.name ?? "",
          route.response?.name ?? "",
          ...guards,
          ...models,
        ].join(" "),
      };
    }),
    ...catalog.queries.map(
      (query): SearchDocument => ({
        id: query.id,
        kind: "query",
        name: query.name,
        place: `${query.uri}:${query.range.start.line + 1}`,
        summary: oneLine(query.sql ?? query.text),
        text: [query.within ?? "", ...query.tables, query.text.slice(0, LONGEST_TEXT)].join(" "),
      }),
    ),
    ...catalog.migrations.map(
      (migration): SearchDocument => ({
        id: migration.id,
        kind: "migration",
        name: `${migration.app} ${migration.name}`.trim(),
        place: `${migration.uri}:${migration.range.start.line + 1}`,
        summary: oneLine(migration.operations.map(({ summary }) => summary).join("; ")),
        text: migration.operations.map(({ summary, columns }) => [summary, ...columns].join(" ")).join(" "),
      }),
    ),
  ];
  const own = described
    .filter((entry) => !joined.has(entry))
    .map(
      ({ kind, name, description, aliases }): SearchDocument => ({
        id: `described:${kind}:${name}`,
        kind,
        name,
        place: "",
        summary: description,
        text: [description, ...aliases].join(" "),
      }),
    );
  return [...documents, ...own];
}

function modelDocuments(
  model: Model,
  about: (...names: readonly (string | null)[]) => string,
): readonly SearchDocument[] {
  const { id, qualifiedName, name, table, fields, relations, uri } = model;
  const said = about(table, qualifiedName, name);
  const whole: SearchDocument = {
    id,
    kind: "model",
    name: qualifiedName,
    place: `${uri}:${model.range.start.line + 1}`,
    summary: oneLine(
      [table === null ? "no table" : `table ${table}`, `${fields.length} fields`, said]
        .filter((part) => part !== "")
        .join(" · "),
    ),
    text: [
      table ?? "",
      said,
      ...fields.map((field) => field.name),
      ...relations.map(({ target }) => target),
    ].join(" "),
  };
  return [
    whole,
    ...fields.map((field): SearchDocument => {
      const described = about(
        `${table}.${field.column ?? field.name}`,
        `${qualifiedName}.${field.name}`,
        `${name}.${field.name}`,
      );
      return {
        id: `${id}#${field.name}`,
        kind: "field",
        name: `${qualifiedName}.${field.name}`,
        place: `${field.source.uri}:${field.source.range.start.line + 1}`,
        summary: oneLine(
          [field.type.declared, field.nullable ? "nullable" : "", described]
            .filter((part) => part !== "")
            .join(" · "),
        ),
        text: [field.column ?? "", field.documentation ?? "", described, ...field.type.values].join(" "),
      };
    }),
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 160)}…`;
}
