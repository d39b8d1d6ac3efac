import type * as z from "zod";
import { type AiHub, aiHubSchema, EMPTY_HUB, hubName } from "./ai-hub.ts";

/** Something in `.aksara/aihub.json` that a person should mend. */
export interface HubProblem {
  readonly uri: string;
  /** Zero-based. */
  readonly line: number;
  /** `error`: the file is not used at all. `warning`: this part of it has no effect. */
  readonly severity: "error" | "warning";
  readonly message: string;
}

export interface ParsedHub {
  /** The empty hub when the file has an error: nothing is guessed from a file that is not right. */
  readonly hub: AiHub;
  readonly problems: readonly HubProblem[];
}

/** Reads the text of a hub file. Never throws for what the file says. */
export async function parseAiHub(uri: string, text: string): Promise<ParsedHub> {
  const bare = text.replace(/^\uFEFF/, "");
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // JSON is YAML; this parser knows where each member stands, JSON.parse says whether it is JSON.
  const document = parseDocument(bare, { lineCounter: lines, logLevel: "silent" });
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | null;
      if (node?.range) return lines.linePos(node.range[0]).line - 1;
    }
    return 0;
  };
  const problem = (
    severity: HubProblem["severity"],
    path: readonly PropertyKey[],
    message: string,
  ): HubProblem => ({ uri, line: lineOf(path), severity, message });

  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch (error) {
    const line = (document.errors[0]?.linePos?.[0].line ?? lineInMessage(error)) - 1;
    const message = `The file is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { hub: EMPTY_HUB, problems: [{ uri, line, severity: "error", message }] };
  }
  const parsed = aiHubSchema.safeParse(value);
  if (!parsed.success) {
    return {
      hub: EMPTY_HUB,
      problems: parsed.error.issues.map((issue) =>
        problem("error", issue.path, `${issue.path.join(".") || "The file"}: ${issue.message}`),
      ),
    };
  }
  const hub = parsed.data;
  const errors = contradictions(hub).map(({ path, message }) => problem("error", path, message));
  const warnings = unusedKeys(value, aiHubSchema, []).map(({ path, message }) =>
    problem("warning", path, message),
  );
  return { hub: errors.length > 0 ? EMPTY_HUB : hub, problems: [...errors, ...warnings] };
}

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function contradictions(hub: AiHub): readonly Found[] {
  const found: Found[] = [];
  const names = hub.providers.map(hubName);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index)
      found.push({
        path: ["providers", index],
        message: `Two providers are called "${name}": give one a "name".`,
      });
  }
  return found;
}

const LOOKS_LIKE_A_KEY = /(?:^|_|-)(?:api_?key|key|token|secret|password)$/i;

/** Keys that reading passes over, and keys that must not stand in a file of the workspace at all. */
function unusedKeys(value: unknown, schema: z.ZodType, path: readonly PropertyKey[]): readonly Found[] {
  const { def } = schema as unknown as { def: SchemaDefinition };
  const inner = def.innerType;
  if (inner) return unusedKeys(value, inner, path);
  if (def.type === "array" && def.element && Array.isArray(value)) {
    const { element } = def;
    return value.flatMap((item, index) => unusedKeys(item, element, [...path, index]));
  }
  if (def.type !== "object" || !def.shape || typeof value !== "object" || value === null) return [];
  const { shape } = def;
  return Object.entries(value).flatMap(([key, member]) => {
    const known = shape[key];
    if (known) return unusedKeys(member, known, [...path, key]);
    const message = LOOKS_LIKE_A_KEY.test(key)
      ? `"${key}" is not read: a key does not belong in a file of the workspace. Remove it, and replace the key if the file was shared.`
      : `"${key}" has no meaning here and is not read.`;
    return [{ path: [...path, key], message }];
  });
}

interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function lineInMessage(error: unknown): number {
  return Number(/line (\d+)/.exec(error instanceof Error ? error.message : "")?.[1] ?? 1);
}
