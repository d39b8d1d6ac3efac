import { AksaraError, isAksaraError } from "../../errors.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { decode } from "../../workspace/index/decode.ts";
import { walkFiles } from "../files/file-walk.ts";
import { unifiedDiff } from "../files/unified-diff.ts";
import type { ToolContext } from "../tools/tool.ts";
import type { Generated, GeneratorContext, ModelSpec, StackGenerator } from "./generator.ts";
import { generatorAt, generatorOf } from "./registry.ts";

/** Files as they would be, and what the catalog reads from them. */
export interface CheckedFiles extends Generated {
  readonly framework: string;
  /** The files as a person reads them: new ones whole, of others what changes. */
  readonly shown: readonly string[];
  /** For people: what is there with these files that was not there before. */
  readonly read: readonly string[];
}

export async function generateModel(spec: ModelSpec, context: ToolContext): Promise<CheckedFiles> {
  const { catalog } = await context.workspace.view(context.signal);
  const generator = generatorAt(catalog, spec.path);
  const make = demand(generator.model, generator, "models");
  return await checked(await make(spec, contextOf(catalog, context)), generator, catalog, context);
}

export async function generateFor(
  kind: "viewset" | "test",
  modelName: string,
  context: ToolContext,
): Promise<CheckedFiles> {
  const { catalog } = await context.workspace.view(context.signal);
  const model = catalog.findModel(modelName);
  const generator = generatorOf(model.stack);
  const make = demand(generator[kind], generator, kind === "viewset" ? "viewsets" : "tests");
  return await checked(await make(model, contextOf(catalog, context)), generator, catalog, context);
}

function demand<Make>(make: Make | null, generator: StackGenerator, what: string): Make {
  if (make) return make;
  const able = (["model", "viewset", "test"] as const).filter((kind) => generator[kind] !== null);
  throw new AksaraError("TOOL_FAILED", `${generator.title} has no ${what} that could be generated.`, {
    hint: `Here, this can be: ${able.map((kind) => `generate_${kind}`).join(", ")}.`,
  });
}

function contextOf(catalog: Catalog, { files, signal }: ToolContext): GeneratorContext {
  return {
    catalog,
    readText: async (uri) => {
      if (uri === "") return null;
      const found = await files.find(uri).catch((error: unknown) => {
        // What is kept from reading is not followed either.
        if (isAksaraError(error)) return null;
        throw error;
      });
      const decoded = found === null ? null : decode(found.bytes);
      return decoded === null || decoded.kind === "binary" ? null : decoded.text.replaceAll("\r\n", "\n");
    },
    list: async (folder) => {
      const walked = await walkFiles(files, folder, 6, signal).catch((error: unknown) => {
        if (isAksaraError(error)) return { entries: [] };
        throw error;
      });
      return walked.entries.filter(({ kind }) => kind === "file").map(({ uri }) => uri);
    },
  };
}

/** Reads the files as they would be with the workspace's own readers. */
async function checked(
  generated: Generated,
  { title }: StackGenerator,
  before: Catalog,
  { workspace, files, signal }: ToolContext,
): Promise<CheckedFiles> {
  const shown: string[] = [];
  for (const { uri, content } of generated.files) {
    const found = await files.find(uri);
    const old = found === null ? null : decode(found.bytes);
    const text = old?.kind === "text" ? old.text.replaceAll("\r\n", "\n") : null;
    shown.push(
      text === null
        ? `### ${uri} (new)\n\`\`\`\n${content}\`\`\``
        : `### ${uri}\n\`\`\`diff\n${unifiedDiff(uri, text, content)}\`\`\``,
    );
  }
  const { trial } = workspace;
  if (!trial) return { ...generated, framework: title, shown, read: [] };
  const contents = new Map(generated.files.map(({ uri, content }) => [uri, content]));
  const after = await trial.catalogWith(contents, signal);
  const known = new Set([...before.objects()].map(({ id }) => id));
  const read: string[] = [];
  for (const object of after.objects()) {
    if (known.has(object.id)) continue;
    if (object.kind === "model")
      read.push(`model ${object.qualifiedName}: ${object.fields.map(({ name }) => name).join(", ")}`);
    if (object.kind === "route") read.push(`${object.method} ${object.path}${guardText(object.guards)}`);
    if (object.kind === "migration") read.push(`migration ${object.name}`);
  }
  const gone = [...before.objects()].filter(({ id, kind }) => kind !== "query" && after.byId(id) === null);
  if (gone.length > 0)
    throw new AksaraError(
      "TOOL_FAILED",
      `With these files ${gone.map(({ id }) => id).join(", ")} would not be read any more, so they are not offered.`,
    );
  return { ...generated, framework: title, shown, read };
}

function guardText(guards: readonly { readonly name: string; readonly effect: string }[]): string {
  const names = guards.filter(({ effect }) => effect === "require").map(({ name }) => name);
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}

/** Files as a model reads them: new ones whole, others as what changes. */
export function generatedText({ framework, shown, read, notes }: CheckedFiles): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join("\n");
  return [
    `${framework}. Nothing is written yet.`,
    ...shown,
    ...(read.length === 0 ? [] : [`Read again, there is:\n${list(read)}`]),
    ...(notes.length === 0 ? [] : [`To know:\n${list(notes)}`]),
  ].join("\n\n");
}
