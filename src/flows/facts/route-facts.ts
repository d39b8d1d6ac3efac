import type { FlowContext } from "../../protocol/action.ts";
import { findRoute } from "../../workspace/find-route.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { Query } from "../../workspace/ir/query.ts";
import type { Route } from "../../workspace/ir/route.ts";
import { rangeContains } from "../../workspace/source.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList } from "../pack/evidence.ts";
import { plainName } from "../pack/fence.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { excerpt } from "./excerpt.ts";
import { findingsAbout, findingsSection } from "./finding-facts.ts";
import { fieldLine } from "./model-lines.ts";
import { guardLine, guardVerdict, routeName, shapeLines } from "./route-lines.ts";
import { routeSummary } from "./route-summary.ts";
import { citedLine, linesOr } from "./section-lines.ts";
import type { FlowWorkspace } from "./workspace.ts";

const SHOWN_SIBLINGS = 12;

/** Facts about one route: contracts, section 1, kind "route". */
export async function buildRouteFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
): Promise<BuiltFacts> {
  const { catalog } = workspace;
  const route = findRoute(catalog, context.method ?? "", context.path ?? "");
  const evidence = new EvidenceList();
  const models = route.modelIds.map((id) => catalog.model(id)).filter((model) => model !== null);
  const queries = queriesWithin(route, catalog.queries);
  const siblings = siblingsOf(route, catalog.routes);
  const findings = findingsAbout(workspace.findings, [route.id]);
  const source = route.handlerSource ? await workspace.readText(route.handlerSource.uri) : null;

  const sections: Section[] = [
    { key: "route", title: "route", text: identity(route, evidence), dropRank: null },
    { key: "guards", title: "guards in force, widest first", text: guards(route, evidence), dropRank: null },
    { key: "input", title: "input", text: input(route, evidence), dropRank: null },
    { key: "output", title: "output", text: shape(route.response, evidence, "response"), dropRank: null },
    findingsSection(findings, evidence),
    { key: "models", title: "models it is declared for", text: modelLines(models, evidence), dropRank: 2 },
    {
      key: "queries",
      title: "queries in the handler and in what it calls",
      text: queryLines(queries, evidence),
      dropRank: 3,
    },
  ];
  if (route.handlerSource && source !== null) {
    sections.push({
      key: "source",
      title: "handler source",
      text: excerpt(source, route.handlerSource),
      dropRank: 1,
    });
  }
  if (action.key !== "generate_examples") {
    sections.push({
      key: "siblings",
      title: "sibling routes and their guards",
      text: siblingLines(siblings, evidence),
      dropRank: 4,
    });
  }
  if (route.gaps.length > 0) {
    const text = route.gaps.map((gap) => `- ${gap.what}: ${gap.why}`).join("\n");
    sections.push({
      key: "not-understood",
      title: "what the catalog did not understand",
      text,
      dropRank: null,
    });
  }

  const { nameRange: _nameRange, kind: _kind, ...plainRoute } = route;
  return {
    target: { id: route.id, name: routeName(route), uri: route.uri, range: route.range, hash: route.hash },
    subject: `the route ${plainName(route.path) && plainName(route.method) ? routeName(route) : 'in the section "route"'}`,
    echo: { path: context.path ?? "", method: (context.method ?? "").toUpperCase(), action: action.key },
    facts: {
      route: plainRoute,
      guard_verdict: guardVerdict(route.guards),
      models: models.map((model) => model.id),
      queries: queries.map((query) => query.id),
      siblings: siblings.map((sibling) => ({ id: sibling.id, guard_verdict: guardVerdict(sibling.guards) })),
    },
    sections,
    evidence,
    findings,
    summary: routeSummary(route, { models, siblings, findings }),
    tier: "T0",
    files: [],
  };
}

function identity(route: Route, evidence: EvidenceList): string {
  const id = evidence.cite(`route ${routeName(route)}`, route);
  const mounts = route.mounts.map((mount) =>
    citedLine(evidence, "mounted here", `mount of ${route.path}`, mount),
  );
  return [
    `${routeName(route)} [${id}]`,
    `handler: ${route.handler}${route.handlerSource ? ` [${evidence.cite(`handler ${route.handler}`, route.handlerSource)}]` : " (source not found in the workspace)"}`,
    `stack: ${route.stack}`,
    `found as: ${route.reason} (${route.confidence})`,
    ...mounts,
  ].join("\n");
}

function guards(route: Route, evidence: EvidenceList): string {
  const lines = route.guards.map((guard) =>
    citedLine(evidence, guardLine(guard), `guard ${guard.name}`, guard.source),
  );
  return [`verdict: ${guardVerdict(route.guards)}`, linesOr(lines, "no guard was found for this route")].join(
    "\n",
  );
}

function input(route: Route, evidence: EvidenceList): string {
  const parameters = route.parameters.map(
    (parameter) =>
      `- ${parameter.in} ${parameter.name}: ${parameter.type ?? "type not declared"}; ${parameter.required ? "required" : "optional"}`,
  );
  return [
    "parameters:",
    linesOr(parameters, "none declared"),
    "body:",
    shape(route.body, evidence, "body"),
  ].join("\n");
}

function shape(reference: Route["body"], evidence: EvidenceList, label: string): string {
  const lines = shapeLines(reference);
  if (!reference?.source) return lines.join("\n");
  const [name = "", ...rest] = lines;
  return [`${name} [${evidence.cite(`${label} ${reference.name}`, reference.source)}]`, ...rest].join("\n");
}

function modelLines(models: readonly Model[], evidence: EvidenceList): string {
  const lines = models.flatMap((model) => [
    `${model.qualifiedName} [${evidence.cite(`model ${model.qualifiedName}`, model)}]`,
    ...model.fields.map((field) => `- ${fieldLine(field)}`),
  ]);
  return linesOr(lines, "none declared on the handler");
}

function queryLines(queries: readonly Query[], evidence: EvidenceList): string {
  return linesOr(
    queries.map((query) =>
      citedLine(evidence, query.text.replace(/\s+/g, " ").slice(0, 200), `query ${query.name}`, query),
    ),
    "none found in the handler or in what it calls",
  );
}

function siblingLines(siblings: readonly Route[], evidence: EvidenceList): string {
  const lines = siblings.map((sibling) => {
    const names = sibling.guards.map((guard) => guard.name).join(", ") || "none";
    const text = `${routeName(sibling)} (${sibling.handler}): ${guardVerdict(sibling.guards)}; guards: ${names}`;
    return citedLine(evidence, text, `route ${routeName(sibling)}`, sibling);
  });
  return linesOr(lines, "none");
}

/** Queries in the handler and in the functions that it leads to. */
function queriesWithin(route: Route, queries: readonly Query[]): readonly Query[] {
  const places = [route.handlerSource, ...(route.reaches ?? [])].filter((place) => place !== null);
  const uris = new Set(places.map(({ uri }) => uri));
  return queries.filter(
    (query) =>
      uris.has(query.uri) &&
      places.some((place) => place.uri === query.uri && rangeContains(place.range, query.range.start)),
  );
}

/** Routes of the same handler class or file of routes first, then those under the same first path segments. */
function siblingsOf(route: Route, routes: readonly Route[]): readonly Route[] {
  const owner = route.handler.includes(".") ? route.handler.slice(0, route.handler.lastIndexOf(".")) : null;
  const prefix = route.path.split("/").slice(0, 3).join("/");
  const rank = (other: Route) =>
    owner !== null && other.handler.startsWith(`${owner}.`) ? 0 : other.path.startsWith(prefix) ? 1 : 2;
  return routes
    .filter((other) => other.id !== route.id && other.stack === route.stack && rank(other) < 2)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, SHOWN_SIBLINGS);
}
