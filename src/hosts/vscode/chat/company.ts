import { defaultRuntime } from "../../../harness/default-runtime/default-runtime.ts";
import { HUB_INTERPRETER } from "../../../harness/models.ts";
import { HarnessRuntime } from "../../../harness/runtime.ts";
import { readRuntime } from "../../../harness/runtime-options.ts";
import type { RuntimeSpec } from "../../../harness/spec/runtime-spec.ts";
import type { WorkspaceRoot } from "../../../workspace/index/workspace-index.ts";
import type { AgentAccess } from "../../shared/agent-access.ts";
import { type FoundRuntimeFile, readRuntimeFile, specOf } from "../../shared/runtime-file.ts";
import type { CompanySettings } from "./chat-thread.ts";

/** Asks whether the agents that a file of the workspace describes may work in place of those that ship. */
export type AskForRuntime = (asked: AskedRuntime) => Promise<boolean>;

export interface AskedRuntime extends FoundRuntimeFile {
  readonly spec: RuntimeSpec;
  /** Another state of the file was allowed before. */
  readonly changed: boolean;
}

export interface CompanyParts {
  readonly access: Pick<AgentAccess, "services" | "consents">;
  readonly roots: readonly WorkspaceRoot[];
  readonly ask: AskForRuntime;
  /** Hashes of files that were said no to. */
  readonly refused: Set<string>;
}

const CONSENT = "runtime";

/**
 * The agents that work together behind the chat: those that the workspace's own file describes, once the person said yes
 * to exactly this file, or those that ship.
 * @throws SPEC_INVALID for a file that is wrong
 */
export async function openCompany(
  { provider, model, ...settings }: CompanySettings,
  parts: CompanyParts,
): Promise<HarnessRuntime> {
  const { services } = parts.access;
  const own = await ownRuntime(parts);
  // Whoever lets agents work on their own has said yes to their plans.
  const plans = settings.mode === "autonomous" ? "never" : "always";
  const plan = readRuntime(own ?? defaultRuntime({ plans }), {
    interpreter: provider ?? HUB_INTERPRETER,
    ...(model == null ? {} : { defaultModel: model }),
    settings,
  });
  return new HarnessRuntime(plan, services);
}

async function ownRuntime({ roots, access, ask, refused }: CompanyParts): Promise<RuntimeSpec | null> {
  const file = await readRuntimeFile(roots);
  if (file === null) return null;
  const spec = specOf(file);
  const { uri, hash } = file;
  if (await access.consents.find(CONSENT, uri, hash)) return spec;
  if (refused.has(hash)) return null;
  const changed = (await access.consents.last(CONSENT, uri)) !== null;
  if (await ask({ ...file, spec, changed })) {
    await access.consents.give(CONSENT, uri, hash, spec.agents.map(({ name }) => name).join(", "));
    return spec;
  }
  refused.add(hash);
  return null;
}
