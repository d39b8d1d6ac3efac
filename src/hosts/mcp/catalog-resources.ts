import { watch } from "node:fs";
import { dirname, join } from "node:path";
import type { Resource } from "@modelcontextprotocol/server";
import { placeOf } from "../../agent/files/path-policy.ts";
import { redactText } from "../../flows/pack/redaction.ts";
import { documentText } from "../shared/document-text.ts";
import type { StudioWorkspace, WorkspaceView } from "../shared/studio-workspace.ts";
import type { McpResources } from "./surface.ts";

const BEGIN = "aksara://catalog/";
const MIME = "application/json";

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The file that it stands in. */
  readonly uri: string;
  readonly document: unknown;
}

/** The objects of the catalog and the issues, each as a resource; their text is without secrets. */
export function catalogResources(workspace: StudioWorkspace, freshen: () => void): McpResources {
  const find = async (uri: string, signal?: AbortSignal): Promise<Entry | null> => {
    const [kind, id] = parts(uri);
    if (kind === null) return null;
    const view = await workspace.view(signal);
    return entriesOf(view).find((entry) => entry.kind === kind && entry.id === id) ?? null;
  };
  return {
    templates: [
      {
        uriTemplate: `${BEGIN}{kind}/{id}`,
        name: "catalog",
        title: "Object of the catalog",
        description: "A model, route, query, migration or issue of the workspace, by kind and id.",
        mimeType: MIME,
      },
    ],
    list: async ({ context }) => {
      freshen();
      return entriesOf(await workspace.view(context.mcpReq.signal)).map(listed);
    },
    read: async (uri, { context }) => {
      freshen();
      const entry = await find(uri, context.mcpReq.signal);
      if (!entry) return null;
      return { contents: [{ uri, mimeType: MIME, text: redactText(documentText(entry.document)) }] };
    },
    watch: (uri, onChange) => watchEntry(() => find(uri), workspace, onChange),
  };
}

function entriesOf({ catalog, findings }: WorkspaceView): readonly Entry[] {
  return [
    ...[...catalog.objects()].map((object) => ({
      kind: object.kind,
      id: object.id,
      title: object.name,
      description: `${object.kind} in ${object.uri}:${object.range.start.line + 1}`,
      uri: object.uri,
      document: object,
    })),
    ...findings.map((finding) => ({
      kind: "issue",
      id: finding.id,
      title: finding.rule,
      description: redactText(finding.message),
      uri: finding.source.uri,
      document: finding,
    })),
  ];
}

function listed({ kind, id, title, description }: Entry): Resource {
  return {
    uri: `${BEGIN}${kind}/${encodeURIComponent(id)}`,
    name: id,
    title,
    description,
    mimeType: MIME,
  };
}

function parts(uri: string): readonly [kind: string, id: string] | readonly [null, null] {
  const [kind, encoded, ...rest] = uri.startsWith(BEGIN) ? uri.slice(BEGIN.length).split("/") : [];
  if (!kind || !encoded || rest.length > 0) return [null, null];
  try {
    return [kind, decodeURIComponent(encoded)];
  } catch {
    return [null, null];
  }
}

/** Watches the file that an object stands in, as long as somebody wants to know. */
function watchEntry(
  find: () => Promise<Entry | null>,
  workspace: StudioWorkspace,
  onChange: () => void,
): () => void {
  let stop: () => void = () => undefined;
  let stopped = false;
  const begin = async () => {
    const entry = await find();
    if (!entry) return;
    const { path: file } = await placeOf(workspace.roots, entry.uri);
    if (stopped) return;
    let known = JSON.stringify(entry.document);
    const look = async () => {
      workspace.refresh([entry.uri]);
      const now = JSON.stringify((await find())?.document ?? null);
      if (stopped || now === known) return;
      known = now;
      onChange();
    };
    // Editors put a new file in the place of the old one: the folder is what stays.
    const watcher = watch(dirname(file), (_event, name) => {
      if (name === null || join(dirname(file), name) === file) void look().catch(() => undefined);
    });
    watcher.on("error", () => watcher.close());
    watcher.unref();
    stop = () => watcher.close();
  };
  void begin().catch(() => undefined);
  return () => {
    stopped = true;
    stop();
  };
}
