import { RunTraceStore } from "../../../records/run-trace.ts";
import { KeptTraces } from "../../shared/kept-traces.ts";
import { traceFolder } from "../../shared/state-directory.ts";
import { loadChat } from "../chat/chat-view.ts";
import type { Studio } from "../studio.ts";

/** What was run in the open workspace, by whatever host. @throws WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND, STORE_UNAVAILABLE */
export async function openTraces(studio: Studio): Promise<KeptTraces> {
  const agents = await (await loadChat(studio)).agents();
  const { store } = await agents.access();
  const folder = traceFolder(agents.workspace.roots.map(({ path }) => path));
  return new KeptTraces(store, folder === null ? null : new RunTraceStore(folder));
}
