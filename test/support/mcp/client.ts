import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** Speaks the revision with sessions, or the one without. */
export type Era = "legacy" | "modern";
export const ERAS: readonly Era[] = ["legacy", "modern"];

export interface Question {
  readonly message: string;
  readonly requestedSchema: unknown;
}

export type Answer =
  | { readonly action: "accept"; readonly content: Record<string, string | boolean> }
  | { readonly action: "decline" | "cancel" };

/** A client of the official kind. `answer`: a person who can be asked; absent: nobody. */
export function newClient(era: Era, answer?: (question: Question) => Answer | Promise<Answer>): Client {
  const client = new Client(
    { name: "test", version: "0.0.0" },
    {
      capabilities: answer ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: era === "legacy" ? "legacy" : "auto" },
    },
  );
  if (answer)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      if (!("requestedSchema" in params)) throw new Error("asked otherwise than by a form");
      return await answer({ message: params.message, requestedSchema: params.requestedSchema });
    });
  return client;
}

/** Starts a command line and speaks to it over its standard streams. */
export async function connectStdio(
  client: Client,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<StdioClientTransport> {
  const known = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: known,
    stderr: "pipe",
  });
  await client.connect(transport);
  return transport;
}

export async function connectHttp(client: Client, url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
}

/** The text of a tool's answer. */
export function textOf(result: { readonly content?: unknown }): string {
  const parts = (result.content ?? []) as readonly { readonly type: string; readonly text?: string }[];
  return parts.map(({ text }) => text ?? "").join("\n");
}
