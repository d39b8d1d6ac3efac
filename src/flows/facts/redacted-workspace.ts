import type { Finding } from "../../protocol/finding.ts";
import { Catalog } from "../../workspace/catalog.ts";
import { type Redactor, redactValue } from "../pack/redaction.ts";
import type { LockMeter } from "./lock-meter.ts";
import type { PlanRequest, QueryPlanner } from "./query-planner.ts";
import type { FlowWorkspace } from "./workspace.ts";

/** Objects do not change, and most of them live on from one reading to the next. */
const objects = new WeakMap<object, object>();
const catalogs = new WeakMap<Catalog, Catalog>();

/**
 * The workspace as builders see it: nothing they can reach holds a secret, so none can get into a text by a way that
 * nobody thought of (escaped for markdown, cut in the middle, put beside other words). What was found in the files that
 * a builder reads is learned by the pack's redactor.
 */
export function redactedWorkspace(workspace: FlowWorkspace, redactor: Redactor): FlowWorkspace {
  return {
    catalog: redactedCatalog(workspace.catalog),
    findings: workspace.findings.map((finding) => redacted<Finding>(finding)),
    readText: async (uri) => {
      const text = redactor.learn(await workspace.readText(uri));
      for (const object of workspace.catalog.inFile(uri)) redactor.learn(object);
      return text;
    },
    meter: workspace.meter && meterOf(workspace.meter, redactor),
    planner: workspace.planner && plannerOf(workspace.planner, workspace.catalog, redactor),
  };
}

/** A query is planned as it stands in the source: a value that was taken out of it need not have the type of its column. */
function plannerOf(planner: QueryPlanner, catalog: Catalog, redactor: Redactor): QueryPlanner {
  const asWritten = (request: PlanRequest): PlanRequest => {
    const query = request.queryId === null ? null : catalog.byId(request.queryId);
    const sql = query?.kind === "query" && query.sql !== null ? query.sql : request.sql;
    return { ...request, sql };
  };
  return {
    plan: (request, signal) => planner.plan(asWritten(request), signal),
    advise: async (request, signal) => redactor.learn(await planner.advise(asWritten(request), signal)),
  };
}

/** Migrations are measured as they stand in the source; what comes of it quotes them. */
function meterOf(meter: LockMeter, redactor: Redactor): LockMeter {
  return { measure: async (id, signal) => redactor.learn(await meter.measure(id, signal)) };
}

function redactedCatalog(catalog: Catalog): Catalog {
  const known = catalogs.get(catalog);
  if (known) return known;
  const made = new Catalog(
    {
      models: catalog.models.map(redacted),
      routes: catalog.routes.map(redacted),
      queries: catalog.queries.map(redacted),
      migrations: catalog.migrations.map(redacted),
      uses: catalog.models.flatMap((model) => catalog.usesOf(model.id)).map(redacted),
      gaps: catalog.gaps.map(redacted),
    },
    catalog.report,
  );
  catalogs.set(catalog, made);
  return made;
}

function redacted<T extends object>(object: T): T {
  const known = objects.get(object);
  if (known) return known as T;
  const made = redactValue(object);
  objects.set(object, made);
  return made;
}
