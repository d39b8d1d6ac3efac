import { AksaraError } from "../../../errors.ts";
import { guardVerdict } from "../../../flows/facts/route-lines.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import { nearestNames } from "../../../workspace/nearest-names.ts";
import { unreadFiles } from "../../../workspace/unread-files.ts";
import { documentText } from "../../shared/document-text.ts";
import type { WorkspaceView } from "../../shared/studio-workspace.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, type Terminal, UsageError } from "../output.ts";

const KINDS = ["models", "routes", "queries", "migrations", "issues"] as const;
type Kind = (typeof KINDS)[number];

export const catalogCommand: CliLeaf = {
  type: "leaf",
  summary: "list the backend objects of the workspace",
  positionals: `[${KINDS.join("|")}]`,
  options: {
    explain: {
      type: "string",
      value: "ID",
      summary: "say how an object was found and what was not understood",
    },
  },
  run: runCatalog,
};

async function runCatalog(args: ParsedArguments, context: CliContext): Promise<number> {
  const [word, ...rest] = args.positionals;
  const kind = KINDS.find((candidate) => candidate === word);
  if ((word !== undefined && !kind) || rest.length > 0) {
    throw new UsageError(`"${args.positionals.join(" ")}" is no kind of object: ${KINDS.join(", ")}.`);
  }
  const workspace = await context.openWorkspace();
  const view = await workspace.view(context.signal);
  const explain = args.string("explain");
  if (explain !== undefined) return explainObject(explain, view, context);
  const kinds = kind ? [kind] : KINDS;
  const { catalog } = view;
  const skipped = unreadFiles(catalog.report);
  if (context.options.format === "json") {
    const objects = Object.fromEntries(kinds.map((each) => [each, objectsOf(view, each)]));
    context.terminal.out(documentText({ ...objects, skipped }));
  } else {
    context.terminal.out(`${kinds.map((each) => listing(view, each, context.terminal)).join("\n\n")}\n`);
    if (skipped.length > 0 && !context.options.quiet) context.terminal.err(skippedLines(skipped));
  }
  const nothing = catalog.report.stacks.length === 0;
  if (nothing && !context.options.quiet) {
    context.terminal.err(
      `Nothing to list: ${catalog.report.filesSeen} files seen, no supported framework recognised.\n`,
    );
  }
  return nothing ? EXIT.nothing : EXIT.ok;
}

/** As many as a person reads before looking at the document for the rest. */
const MOST_SKIPPED = 10;

function skippedLines(skipped: ReturnType<typeof unreadFiles>): string {
  const files = skipped.length === 1 ? "1 file was" : `${skipped.length} files were`;
  const more = skipped.length - MOST_SKIPPED;
  return [
    `${files} not read; what is declared there is missing:`,
    ...skipped.slice(0, MOST_SKIPPED).map(({ uri, reason }) => `  ${uri}: ${reason}`),
    ...(more > 0 ? [`  … and ${more} more: aksara catalog --format json names them all`] : []),
    "",
  ].join("\n");
}

function objectsOf({ catalog, findings }: WorkspaceView, kind: Kind): readonly unknown[] {
  switch (kind) {
    case "issues":
      return findings;
    default:
      return catalog[kind];
  }
}

function listing(view: WorkspaceView, kind: Kind, terminal: Terminal): string {
  const rows = rowsOf(view, kind);
  const head = bold(terminal, `${kind} (${rows.length})`);
  return rows.length === 0
    ? head
    : `${head}\n${columns(rows.map((row) => [...row.slice(0, -1), dim(terminal, row.at(-1) ?? "")]))}`;
}

function rowsOf({ catalog, findings }: WorkspaceView, kind: Kind): readonly (readonly string[])[] {
  switch (kind) {
    case "models":
      return catalog.models.map((model) => [
        model.qualifiedName,
        model.table ?? "(abstract)",
        `${model.fields.length} fields`,
        `${model.relations.length} relations`,
        placeText({ uri: model.uri, range: model.nameRange }),
      ]);
    case "routes":
      return catalog.routes.map((route) => [
        route.method,
        route.path,
        route.handler,
        guardVerdict(route.guards),
        placeText({ uri: route.uri, range: route.nameRange }),
      ]);
    case "queries":
      return catalog.queries.map((query) => [
        query.form,
        query.operation,
        query.text.replace(/\s+/g, " ").slice(0, 72),
        placeText({ uri: query.uri, range: query.nameRange }),
      ]);
    case "migrations":
      return catalog.migrations.map((migration) => [
        migration.app ? `${migration.app}.${migration.name}` : migration.name,
        `${migration.operations.length} operations`,
        migration.reversible === false ? "not reversible" : "",
        placeText({ uri: migration.uri, range: migration.nameRange }),
      ]);
    case "issues":
      return findings.map((finding) => [
        finding.severity,
        finding.rule,
        finding.message,
        placeText(finding.source),
      ]);
  }
}

function explainObject(id: string, { catalog }: WorkspaceView, context: CliContext): number {
  const object = catalog.byId(id);
  if (!object) {
    const near = nearestNames(
      id,
      [...catalog.objects()].map((candidate) => candidate.id),
    );
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no object "${id}" in the catalog.`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(", ")}?`
          : "Ids are shown by: aksara catalog --format json.",
      candidates: near,
    });
  }
  const explanation = {
    id: object.id,
    name: object.name,
    kind: object.kind,
    stack: object.stack,
    uri: object.uri,
    range: object.range,
    hash: object.hash,
    confidence: object.confidence,
    reason: object.reason,
    gaps: object.gaps,
  };
  if (context.options.format === "json") {
    context.terminal.out(documentText(explanation));
    return EXIT.ok;
  }
  const gaps = object.gaps.map(
    (gap) => `  - ${gap.what}: ${gap.why}${gap.source ? ` (${placeText(gap.source)})` : ""}`,
  );
  context.terminal.out(
    [
      `${bold(context.terminal, object.id)}  ${dim(context.terminal, placeText(object))}`,
      `found as: ${object.reason}`,
      `by: ${object.stack}, ${object.confidence}`,
      gaps.length > 0 ? `not understood:\n${gaps.join("\n")}` : "not understood: nothing",
      "",
    ].join("\n"),
  );
  return EXIT.ok;
}
