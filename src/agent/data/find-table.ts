import type { DataConnection, DataTable } from "../../database/live/data-connection.ts";
import { AksaraError, isAksaraError } from "../../errors.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { AgentWorkspace } from "../workspace-port.ts";

/**
 * The table of the database that a name means: its own, or that of a model of the workspace.
 * @throws CONTEXT_NOT_FOUND with the nearest names
 */
export async function findTable(
  connection: DataConnection,
  name: string,
  workspace: AgentWorkspace,
  signal: AbortSignal,
): Promise<DataTable> {
  const own = await connection.table(name);
  if (own) return own;
  const model = await tableOfModel(name, workspace, signal);
  const modelled = model === null ? null : await connection.table(model);
  if (modelled) return modelled;
  const near = nearestNames(model ?? name, await connection.tableNames());
  throw new AksaraError(
    "CONTEXT_NOT_FOUND",
    model === null
      ? `There is no table "${name}" in ${connection.place}.`
      : `The model ${name} has the table ${model}, which is not in ${connection.place}.`,
    { hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "", candidates: near },
  );
}

async function tableOfModel(
  name: string,
  workspace: AgentWorkspace,
  signal: AbortSignal,
): Promise<string | null> {
  const { catalog } = await workspace.view(signal);
  try {
    return catalog.findModel(name).table;
  } catch (error) {
    // A name that is no model, or several: then it is only what the database says it is.
    if (isAksaraError(error)) return null;
    throw error;
  }
}
