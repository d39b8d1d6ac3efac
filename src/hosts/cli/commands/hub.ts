import {
  checkProviders,
  type HubResolution,
  hubStatus,
  type ProviderCheck,
  type ProviderStatus,
} from "../../../execution/hub/hub-status.ts";
import type { HubProblem } from "../../../execution/hub/parse-ai-hub.ts";
import { documentText } from "../../shared/document-text.ts";
import type { CliContext, CliGroup, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";

export const hubCommand: CliGroup = {
  type: "group",
  summary: "which language models are configured",
  commands: {
    status: {
      type: "leaf",
      summary: "list the providers and what a run would use",
      positionals: "",
      options: {},
      run: printStatus,
    },
    doctor: {
      type: "leaf",
      summary: "ask each configured provider whether it answers, and show its own words",
      positionals: "",
      options: {},
      run: printChecks,
    },
  },
};

async function printStatus(args: ParsedArguments, context: CliContext): Promise<number> {
  demandNothing(args);
  const workspace = await context.openWorkspace();
  const { problems } = await workspace.hub();
  const { providers, resolution } = await hubStatus(workspace.execution(), context.signal);
  const { options, terminal } = context;
  if (options.format === "json") {
    terminal.out(documentText({ ok: resolution.ok, providers, resolution, problems }));
  } else {
    printProblems(problems, terminal);
    const rows = providers
      .filter((provider) => provider.in_hub || !UNLISTED.includes(provider.kind))
      .map((provider) => [
        stateOf(provider, terminal),
        bold(terminal, provider.name),
        provider.title,
        detailOf(provider),
      ]);
    terminal.out(`${columns(rows)}\n\n${resolutionLine(resolution, terminal)}\n`);
  }
  return resolution.ok ? EXIT.ok : EXIT.negative;
}

/** Not reached from a command line, or only on purpose: shown when the hub names them. */
const UNLISTED: readonly string[] = ["vscode-lm", "scripted", "noop"];

function stateOf(provider: ProviderStatus, terminal: Terminal): string {
  if (!provider.ready) return dim(terminal, "not set up");
  // Whether a server without a key runs is not known before it is asked.
  return provider.key_source === null && !provider.in_hub
    ? "needs no key"
    : paint(terminal, "green", "ready");
}

function detailOf({
  ready,
  key_source: source,
  base_url: url,
  reason,
  in_hub: inHub,
}: ProviderStatus): string {
  if (!ready) return inHub ? (reason ?? "") : "";
  return [url ?? "", source ? `key from ${source}` : ""].filter(Boolean).join(" · ");
}

function resolutionLine(resolution: HubResolution, terminal: Terminal): string {
  if (resolution.ok)
    return `A run uses ${bold(terminal, resolution.model)} of ${bold(terminal, resolution.provider)} (provider: ${resolution.resolution.provider}, model: ${resolution.resolution.model}).`;
  return [`${paint(terminal, "red", resolution.error_code)}: ${resolution.error}`, resolution.hint ?? ""]
    .filter(Boolean)
    .join("\n");
}

async function printChecks(args: ParsedArguments, context: CliContext): Promise<number> {
  demandNothing(args);
  const workspace = await context.openWorkspace();
  const { problems } = await workspace.hub();
  const services = workspace.execution();
  const checks = await checkProviders(services, context.signal);
  const { resolution } = await hubStatus(services, context.signal);
  const ok = resolution.ok && checks.every((check) => check.ok) && problems.length === 0;
  const { options, terminal } = context;
  if (options.format === "json") {
    terminal.out(documentText({ ok, checks, resolution, problems }));
  } else {
    printProblems(problems, terminal);
    for (const check of checks) terminal.out(`${checkText(check, terminal)}\n`);
    terminal.out(`${resolutionLine(resolution, terminal)}\n`);
  }
  return ok ? EXIT.ok : EXIT.negative;
}

function checkText(check: ProviderCheck, terminal: Terminal): string {
  const place = check.base_url ? ` ${dim(terminal, check.base_url)}` : "";
  if (!check.failure)
    return `${paint(terminal, "green", "ok")}    ${bold(terminal, check.provider)}${place} lists ${check.models} models`;
  const { error_code: code, error, hint, status, request_id: request } = check.failure;
  const details = [
    status === null ? "" : `HTTP ${status}`,
    request === null ? "" : `request ${request}`,
  ].filter(Boolean);
  return [
    `${paint(terminal, "red", "FAIL")}  ${bold(terminal, check.provider)}${place} ${code}${details.length > 0 ? ` (${details.join(", ")})` : ""}`,
    `      ${error}`,
    ...(hint ? [`      ${hint}`] : []),
  ].join("\n");
}

function printProblems(problems: readonly HubProblem[], terminal: Terminal): void {
  for (const { uri, line, severity, message } of problems) {
    const color = severity === "error" ? "red" : "yellow";
    terminal.err(`${uri}:${line + 1}: ${paint(terminal, color, severity)}: ${message}\n`);
  }
}

function demandNothing(args: ParsedArguments): void {
  if (args.positionals.length > 0)
    throw new UsageError(`"${args.positionals.join(" ")}" is not understood here.`);
}
