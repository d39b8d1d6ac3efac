import * as vscode from "vscode";
import { callReadTool } from "../../../agent/call-read-tool.ts";
import { shippedTools } from "../../../agent/tools/shipped.ts";
import { PostgresParser } from "../../../database/sql/parse-postgres.ts";
import { isAksaraError } from "../../../errors.ts";
import { postgresParserPath } from "../../shared/asset-paths.ts";
import type { Studio } from "../studio.ts";
import type { EditorChatTool } from "./tool-names.ts";

/** Calls the agent's reading tools for the editor's chat. */
export class ToolCaller implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #tools = shippedTools();
  readonly #sql: PostgresParser;

  constructor(studio: Studio) {
    this.#studio = studio;
    const distDir = vscode.Uri.joinPath(studio.extension.extensionUri, "dist").fsPath;
    this.#sql = new PostgresParser(postgresParserPath(distDir));
  }

  dispose(): void {
    this.#sql.dispose();
  }

  /** What the tool says. @throws Error with what is wrong and what to do, in words for a model */
  async call(name: EditorChatTool, input: unknown, token: vscode.CancellationToken): Promise<string> {
    const [tool] = this.#tools.pick([name]);
    if (!tool) throw new RangeError(`${name} is no tool`);
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    try {
      const workspace = await this.#studio.workspace();
      return await callReadTool(tool, input ?? {}, { workspace, sql: this.#sql }, controller.signal);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      if (!isAksaraError(error)) throw error;
      const hint = error.hint === null || error.hint === undefined ? "" : ` ${error.hint}`;
      throw new Error(`${error.message}${hint}`, { cause: error });
    } finally {
      cancelling.dispose();
    }
  }
}
