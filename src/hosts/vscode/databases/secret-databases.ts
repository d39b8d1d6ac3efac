import type { DatabaseSecrets } from "../../shared/agent-databases.ts";
import type { Secrets } from "../providers/secret-credentials.ts";

/**
 * Whole addresses of databases, passwords included, in the editor's secret storage: each under the workspace and the
 * name it was entered for. What is not there may stand elsewhere, in the environment.
 */
export class SecretDatabases implements DatabaseSecrets {
  readonly #secrets: Secrets;
  readonly #workspace: string;
  readonly #elsewhere: DatabaseSecrets;

  /** `workspace`: id of the open folders. */
  constructor(secrets: Secrets, workspace: string, elsewhere: DatabaseSecrets) {
    this.#secrets = secrets;
    this.#workspace = workspace;
    this.#elsewhere = elsewhere;
  }

  async get(name: string): Promise<string | null> {
    return (await this.#secrets.get(this.#keyOf(name))) ?? (await this.#elsewhere.get(name));
  }

  async keep(name: string, address: string): Promise<void> {
    await this.#secrets.store(this.#keyOf(name), address);
  }

  async forget(name: string): Promise<void> {
    await this.#secrets.delete(this.#keyOf(name));
  }

  #keyOf(name: string): string {
    return `aksara.database ${this.#workspace} ${name}`;
  }
}
