import type { ToolFileAnswer, ToolFileRequest } from "./tool-file-protocol.ts";

/*
 * The process that runs a tool of a file: one request, one answer, and it is over. The source comes with the request,
 * so that what runs is what a person allowed, whatever lies on the disk by now.
 */

interface ToolModule {
  readonly default?: {
    readonly name?: unknown;
    readonly description?: unknown;
    readonly inputSchema?: unknown;
    readonly class?: unknown;
    readonly risk?: unknown;
    readonly execute?: (input: unknown, context: object) => unknown;
  };
}

process.once("message", (request: ToolFileRequest) => {
  answer(request)
    .catch((error: unknown): ToolFileAnswer => ({ ok: false, message: messageOf(error) }))
    .then((sent) => process.send?.(sent, () => process.exit(0)));
});
process.once("disconnect", () => process.exit(0));

async function answer(request: ToolFileRequest): Promise<ToolFileAnswer> {
  const url = `data:text/javascript;base64,${Buffer.from(request.source).toString("base64")}`;
  const { default: tool } = (await import(url)) as ToolModule;
  if (typeof tool !== "object" || tool === null) return { ok: false, message: "It has no default export." };
  if (typeof tool.execute !== "function") return { ok: false, message: "It has no function execute." };
  if (request.type === "describe") {
    const { name, description, inputSchema, class: toolClass, risk } = tool;
    return { ok: true, value: plain({ name, description, inputSchema, class: toolClass, risk }) };
  }
  return { ok: true, value: plain(await tool.execute(request.input, { ...request.context })) };
}

/** As JSON has it: nothing else crosses. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
