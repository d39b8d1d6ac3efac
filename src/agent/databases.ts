import type { DataConnection } from "../database/live/data-connection.ts";
import { AksaraError } from "../errors.ts";
import { nearestNames } from "../workspace/nearest-names.ts";

/** A database that a person let agents use. */
export interface EnabledDatabase {
  readonly name: string;
  readonly dialect: "postgresql" | "sqlite";
  /** Without user and password. */
  readonly place: string;
  /** Rows may be changed, each time after an approval. */
  readonly write: boolean;
}

/** The person's own databases, as far as agents may use them. Nothing in a workspace adds one. Port. */
export interface AgentDatabases {
  list(): Promise<readonly EnabledDatabase[]>;
  /** @throws NO_DATABASE, AUTH_FAILED, TIMEOUT, CANCELLED */
  open(name: string, write: boolean, signal: AbortSignal): Promise<DataConnection>;
}

const HOW =
  'A person enables one: "Aksara: Connect Database…" in VS Code, "aksara db enable NAME --url URL --write" elsewhere. Say so; there is no other way.';

/** Which database a call means. @throws NO_DATABASE, CONTEXT_NOT_FOUND */
export async function chooseDatabase(
  databases: AgentDatabases | null,
  wanted: string | undefined,
  write: boolean,
): Promise<EnabledDatabase> {
  const all = (await databases?.list()) ?? [];
  if (all.length === 0)
    throw new AksaraError("NO_DATABASE", "No database was enabled for agents.", { hint: HOW });
  if (wanted !== undefined) {
    const found = all.find(({ name }) => name === wanted);
    if (!found)
      throw new AksaraError("NO_DATABASE", `No database called "${wanted}" was enabled for agents.`, {
        hint: `Enabled are ${all.map(({ name }) => name).join(", ")}.`,
        candidates: nearestNames(
          wanted,
          all.map(({ name }) => name),
        ),
      });
    if (write && !found.write) throw readOnly([found]);
    return found;
  }
  const fit = write ? all.filter((each) => each.write) : all;
  const [only] = fit;
  if (only && fit.length === 1) return only;
  if (fit.length === 0) throw readOnly(all);
  throw new AksaraError("TOOL_INPUT_INVALID", "Several databases are enabled: say which one is meant.", {
    hint: `"database" is one of ${fit.map(({ name }) => name).join(", ")}.`,
  });
}

function readOnly(all: readonly EnabledDatabase[]): AksaraError {
  const names = all.map(({ name }) => `"${name}"`).join(", ");
  return new AksaraError("NO_DATABASE", `The database ${names} was enabled for reading, not for writing.`, {
    hint: HOW,
  });
}
