import * as vscode from "vscode";
import type { EnabledDatabase } from "../../../agent/databases.ts";
import { isCancelled } from "../../../errors.ts";
import { isDatabaseName, type StoredDatabases } from "../../shared/agent-databases.ts";
import type { SecretDatabases } from "./secret-databases.ts";

/** What a person entered. */
interface Entry {
  readonly name: string;
  /** With its password. */
  readonly address: string;
  readonly write: boolean;
}

/** Lets agents use a database of the person's, tries it, and takes that back. */
export class DatabaseActions {
  readonly #databases: StoredDatabases;
  readonly #secrets: SecretDatabases;

  constructor(databases: StoredDatabases, secrets: SecretDatabases) {
    this.#databases = databases;
    this.#secrets = secrets;
  }

  /** Asks for name, address and what may be done; kept is what could be opened, or what the person keeps all the same. */
  async connect(): Promise<void> {
    const name = await this.#askName();
    if (name === undefined) return;
    for (let address = await this.#askAddress(""); address !== undefined; ) {
      const write = await askWrite();
      if (write === undefined) return;
      const problem = await this.#problemOf(address, write);
      const answer = problem === null ? "keep" : await askAfter(problem);
      if (answer === "correct") address = await this.#askAddress(address);
      else return answer === "keep" ? await this.#keep({ name, address, write }) : undefined;
    }
  }

  /** Lists what agents may use; one that is chosen can be tried, or forgotten. */
  async manage(): Promise<void> {
    const all = await this.#databases.list();
    const add = { label: `$(add) ${vscode.l10n.t("Connect a database…")}`, database: null };
    const picked = await vscode.window.showQuickPick(
      [
        ...all.map((database) => ({
          label: database.name,
          description: database.place,
          detail: accessWords(database.write),
          database,
        })),
        add,
      ],
      { placeHolder: vscode.l10n.t("Databases that agents of this folder may use") },
    );
    if (picked === add) return await this.connect();
    if (picked?.database) await this.#act(picked.database);
  }

  async #act({ name, place, write }: EnabledDatabase): Promise<void> {
    const test = vscode.l10n.t("Test Connection");
    const forget = vscode.l10n.t("Forget");
    const action = await vscode.window.showQuickPick([test, forget], { placeHolder: `${name}: ${place}` });
    if (action === forget) {
      await this.#databases.disable(name);
      await this.#secrets.forget(name);
      say(vscode.l10n.t("Agents no longer use {0}; its address is forgotten.", name));
    } else if (action === test) {
      const problem = await whileOpening(async (signal) => {
        await (await this.#databases.open(name, write, signal)).close();
      });
      if (problem === null) say(vscode.l10n.t("{0} can be opened.", name));
      else void vscode.window.showErrorMessage(vscode.l10n.t("{0} cannot be opened: {1}", name, problem));
    }
  }

  async #keep({ name, address, write }: Entry): Promise<void> {
    const known = await this.#secrets.get(name);
    await this.#secrets.keep(name, address);
    try {
      const { place } = await this.#databases.enable(name, address, write);
      say(
        write
          ? vscode.l10n.t(
              "Agents of this folder may read and, each time after your approval, change rows of {0}.",
              place,
            )
          : vscode.l10n.t("Agents of this folder may read rows of {0}.", place),
      );
    } catch (error) {
      if (known === null) await this.#secrets.forget(name);
      else await this.#secrets.keep(name, known);
      throw error;
    }
  }

  /** What the server says against it, in its own words; null when it could be opened. */
  async #problemOf(address: string, write: boolean): Promise<string | null> {
    return await whileOpening(async (signal) => {
      await (await this.#databases.connect(address, write, signal)).close();
    });
  }

  async #askName(): Promise<string | undefined> {
    const names = (await this.#databases.list()).map(({ name }) => name);
    return await vscode.window.showInputBox({
      title: vscode.l10n.t("Connect Database"),
      prompt: vscode.l10n.t("What agents call it"),
      placeHolder: vscode.l10n.t("shop, for example"),
      ignoreFocusOut: true,
      validateInput: (name) => {
        if (!isDatabaseName(name))
          return vscode.l10n.t("A letter first, then letters, digits, _ and -; at most 40.");
        if (!names.includes(name)) return null;
        const message = vscode.l10n.t("This takes the place of the one that is called so.");
        return { message, severity: vscode.InputBoxValidationSeverity.Warning };
      },
    });
  }

  async #askAddress(value: string): Promise<string | undefined> {
    return await vscode.window.showInputBox({
      title: vscode.l10n.t("Connect Database"),
      prompt: vscode.l10n.t(
        "Its address, with the password. It is kept in the secret storage of the editor, nowhere else.",
      ),
      placeHolder: vscode.l10n.t("{0}, for example", "postgresql://user:password@host:5432/database"),
      password: true,
      ignoreFocusOut: true,
      value,
      validateInput: (address) => this.#databases.refusal(address),
    });
  }
}

async function askWrite(): Promise<boolean | undefined> {
  const picked = await vscode.window.showQuickPick(
    [false, true].map((write) => ({ label: accessWords(write), write })),
    {
      title: vscode.l10n.t("Connect Database"),
      placeHolder: vscode.l10n.t("What agents may do"),
      ignoreFocusOut: true,
    },
  );
  return picked?.write;
}

function accessWords(write: boolean): string {
  return write
    ? vscode.l10n.t("Read rows, and change them each time after your approval")
    : vscode.l10n.t("Read rows only");
}

async function askAfter(problem: string): Promise<"correct" | "keep" | "leave"> {
  const correct = vscode.l10n.t("Correct…");
  const keep = vscode.l10n.t("Keep It");
  const answer = await vscode.window.showErrorMessage(
    vscode.l10n.t("The database cannot be opened."),
    { modal: true, detail: problem },
    correct,
    keep,
  );
  return answer === correct ? "correct" : answer === keep ? "keep" : "leave";
}

/** What kept something from being opened, in its own words; null when nothing did. @throws CANCELLED */
async function whileOpening(open: (signal: AbortSignal) => Promise<void>): Promise<string | null> {
  return await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Opening the database"),
      cancellable: true,
    },
    async (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      try {
        await open(controller.signal);
        return null;
      } catch (error) {
        if (isCancelled(error)) throw error;
        return wordsOf(error);
      }
    },
  );
}

/** Ours, and those of the server where ours leave them out: a model is not told who was not let in, a person is. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message}\n${cause.message}`
    : message;
}

function say(message: string): void {
  void vscode.window.showInformationMessage(message);
}
