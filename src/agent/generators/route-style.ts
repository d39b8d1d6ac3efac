import { AksaraError } from "../../errors.ts";
import { folderOf, type GeneratorContext } from "./generator.ts";
import { type ScriptStyle, scriptStyle } from "./script-style.ts";

/** How the routers of a project are written, and what they use. */
export interface RouteStyle {
  readonly uri: string;
  readonly source: string;
  readonly style: ScriptStyle;
  readonly client: { readonly uri: string; readonly name: string };
  readonly guard: { readonly name: string; readonly from: string } | null;
  readonly hasZod: boolean;
}

export async function routeStyle(context: GeneratorContext): Promise<RouteStyle> {
  const uris = [
    ...new Set(
      context.catalog.routes.filter(({ stack }) => /express|node/.test(stack)).map(({ uri }) => uri),
    ),
  ];
  const sibling = uris.find((uri) => /\/routes?\/[^/]+$/.test(uri)) ?? uris[0];
  const source = sibling === undefined ? null : await context.readText(sibling);
  if (sibling === undefined || source === null)
    throw new AksaraError("TOOL_FAILED", "There is no router of Express whose form could be followed.", {
      hint: "Write the first one with write_file; the next ones follow it.",
    });
  const client = await findClient(context, sibling);
  let guard: RouteStyle["guard"] = null;
  for (const uri of uris) {
    const text = (await context.readText(uri)) ?? "";
    const [, names, path] =
      /import \{([^}]*\brequire(?:Auth|User|Login)\b[^}]*)\} from ["'](\.[^"']+)["']/.exec(text) ?? [];
    const name = /\brequire(?:Auth|User|Login)\b/.exec(names ?? "")?.[0];
    if (name === undefined || path === undefined) continue;
    const parts = [...folderOf(uri).split("/"), ...path.split("/")].reduce<string[]>((all, part) => {
      if (part === "..") all.pop();
      else if (part !== "." && part !== "") all.push(part);
      return all;
    }, []);
    guard = { name, from: parts.join("/") };
    break;
  }
  const manifest = (await nearest("package.json", sibling, context)) ?? "";
  return {
    uri: sibling,
    source,
    style: scriptStyle(source),
    client,
    guard,
    hasZod: /"zod"\s*:/.test(manifest),
  };
}

async function findClient(context: GeneratorContext, near: string): Promise<RouteStyle["client"]> {
  const [root = ""] = near.split("/");
  for (const uri of [...(await context.list(root)), ...(await context.list(""))].filter((each) =>
    /\.(?:ts|js|mjs)$/.test(each),
  )) {
    if (!/(?:^|\/)(?:prisma|db|database|client)\.\w+$/.test(uri)) continue;
    const name = /export const (\w+)(?:\s*:[^=]+)?\s*=[^;]*new PrismaClient\(/.exec(
      (await context.readText(uri)) ?? "",
    )?.[1];
    if (name !== undefined) return { uri, name };
  }
  throw new AksaraError("TOOL_FAILED", "No file exports a PrismaClient that routes could use.", {
    hint: "Export one from lib/prisma.ts.",
  });
}

/** The nearest file of a name, in the folder of another or above it. */
export async function nearest(
  file: string,
  uri: string,
  { readText }: GeneratorContext,
): Promise<string | null> {
  const segments = uri.split("/");
  for (let depth = segments.length - 1; depth >= 0; depth--) {
    const text = await readText([...segments.slice(0, depth), file].join("/"));
    if (text !== null) return text;
  }
  return null;
}
