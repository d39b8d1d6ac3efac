import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { placeOf } from "../files/path-policy.ts";

/** The file of a workspace that names MCP servers. */
export const MCP_FILE = ".aksara/mcp.json";
const LARGEST_FILE = 256 * 1024;

const text = z.string().max(4_000);
const variable = z.string().regex(/^[A-Za-z_]\w*$/, "is no name of a variable");
const common = {
  /** Seconds that one call may take. */
  timeout_seconds: z.number().positive().max(3_600).default(60),
  /** Only these tools of the server; all when absent. */
  tools: z.array(z.string()).optional(),
};
const processSchema = z.strictObject({
  command: text.min(1),
  args: z.array(text).default([]),
  env: z.record(variable, text).default({}),
  /** Variables of the person's environment that the server gets. */
  pass_env: z.array(variable).default([]),
  ...common,
});
const httpSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string().regex(/^[\w-]+$/), text).default({}),
  /** Variable of the person's environment that holds the bearer token. */
  bearer_env: variable.optional(),
  ...common,
});
const fileSchema = z.strictObject({
  version: z.literal(1).default(1),
  servers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,23}$/, "a name is up to 24 small letters, digits and hyphens"),
    z.union([processSchema, httpSchema]),
  ),
});

export type McpProcess = z.output<typeof processSchema>;
export type McpAddress = z.output<typeof httpSchema>;

/** A server that a file of the workspace names. */
export interface NamedServer {
  readonly name: string;
  readonly how: McpProcess | McpAddress;
  /** Of the file, and of the files of the workspace that the server is made of: another one is another server. */
  readonly hash: string;
  /** Folder that it runs in. */
  readonly root: WorkspaceRoot;
  readonly timeoutMs: number;
}

export interface NamedServers {
  readonly servers: readonly NamedServer[];
  /** What is wrong with the file; then it names no servers. */
  readonly problems: readonly string[];
}

/** The servers that the workspace names: those of the first folder that has the file. Links are not followed. */
export async function readMcpFile(roots: readonly WorkspaceRoot[]): Promise<NamedServers> {
  for (const root of roots) {
    const content = await contentOf(join(root.path, MCP_FILE));
    if (content === null) continue;
    if (typeof content === "string") return { servers: [], problems: [`${MCP_FILE}: ${content}`] };
    return await parse(content, root, roots);
  }
  return { servers: [], problems: [] };
}

async function contentOf(path: string): Promise<Buffer | string | null> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return "this is no plain file, so it is not read";
    if (stats.size > LARGEST_FILE) return "the file is larger than 256 KB";
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? null : message;
  }
}

async function parse(
  content: Buffer,
  root: WorkspaceRoot,
  roots: readonly WorkspaceRoot[],
): Promise<NamedServers> {
  let value: unknown;
  try {
    value = JSON.parse(content.toString("utf8"));
  } catch (error) {
    return { servers: [], problems: [`${MCP_FILE} is no JSON: ${(error as Error).message}`] };
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success)
    return {
      servers: [],
      problems: parsed.error.issues.map(({ path, message }) => `${MCP_FILE}: ${path.join(".")}: ${message}`),
    };
  const file = sha256(content);
  const servers = await Promise.all(
    Object.entries(parsed.data.servers).map(async ([name, how]) => ({
      name,
      how,
      hash: sha256(canonicalJson({ file, name, parts: await partsOf(how, roots) })),
      root,
      timeoutMs: how.timeout_seconds * 1_000,
    })),
  );
  return { servers, problems: [] };
}

/** Files of the workspace that a command line names, by their hashes: what runs is them, not the line. */
async function partsOf(
  how: McpProcess | McpAddress,
  roots: readonly WorkspaceRoot[],
): Promise<readonly (readonly [uri: string, hash: string])[]> {
  if (!("command" in how)) return [];
  const parts: (readonly [string, string])[] = [];
  for (const word of [how.command, ...how.args]) {
    const place = await placeOf(roots, word.replace(/^\.\//, "")).catch(() => null);
    if (!place?.exists) continue;
    const bytes = await readFile(place.path).catch(() => null);
    if (bytes) parts.push([place.uri, sha256(bytes)]);
  }
  return parts;
}

/** What a person says yes to, in one line. */
export function describeServer({ how }: NamedServer): string {
  if ("url" in how)
    return `connects to ${how.url}${how.bearer_env ? `, with the token in ${how.bearer_env}` : ""}`;
  const given = how.pass_env.length > 0 ? `, with ${how.pass_env.join(", ")} of your environment` : "";
  return `runs ${[how.command, ...how.args].join(" ")}${given}`;
}
