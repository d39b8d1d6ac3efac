import { fileURLToPath } from "node:url";
import { PostgresParser } from "../../src/database/sql/parse-postgres.ts";
import { distDirectory } from "../../src/hosts/shared/dist-directory.ts";
import { openStudioWorkspace, type StudioWorkspace } from "../../src/hosts/shared/studio-workspace.ts";
import { type ScriptInput, ScriptSchema } from "../../src/providers/connectors/script.ts";
import { ScriptedConnector } from "../../src/providers/connectors/scripted-connector.ts";
import type { Connector, ModelRequest } from "../../src/providers/model-stream.ts";

export type Answers = ScriptInput["answers"];

/** The file with the code of SQLite's thread, from source. */
export const SQLITE_WORKER = fileURLToPath(new URL("../../src/storage/sqlite-worker.ts", import.meta.url));

export function postgresParser(): PostgresParser {
  return new PostgresParser(
    fileURLToPath(new URL("../../node_modules/libpg-query/wasm/libpg-query.wasm", import.meta.url)),
  );
}

/** A workspace of one folder whose every model is what `connector` gives at that moment. */
export function openScriptedWorkspace(
  folder: string,
  connector: () => Connector,
  trusted = true,
): StudioWorkspace {
  return openStudioWorkspace({
    roots: [{ name: "project", path: folder }],
    distDir: distDirectory(),
    cache: false,
    trusted: () => trusted,
    providers: {
      credentials: { get: async () => null },
      environment: {},
      connector: () => async () => connector(),
      dispose: async () => undefined,
    },
  });
}

export function scripted(answers: Answers): Connector {
  // Each answer an object of its own: the same one twice in a script counts as used after the first time.
  const script = ScriptSchema.parse(JSON.parse(JSON.stringify({ answers })));
  return new ScriptedConnector(async () => script, "scripted");
}

/** The same connector, which notes what it is asked. */
export function recorded(connector: Connector, requests: ModelRequest[]): Connector {
  return {
    kind: connector.kind,
    defaultModel: connector.defaultModel,
    capabilities: (model) => connector.capabilities(model),
    listModels: (signal) => connector.listModels(signal),
    stream: (request, signal) => {
      requests.push(request);
      return connector.stream(request, signal);
    },
  };
}

/** One answer with calls of tools. */
export function calls(...made: readonly (readonly [tool: string, input: object])[]): Answers[number] {
  return { steps: made.map(([tool, input]) => ({ tool, input: input as never })) };
}

export function says(text: string): Answers[number] {
  return { steps: [{ text }] };
}

/** An answer that only one agent takes: the one whose prompt holds a text. */
export function as(system: string, answer: Answers[number]): Answers[number] {
  return { ...answer, when: { ...answer.when, system } };
}
