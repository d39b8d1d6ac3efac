import * as vscode from "vscode";
import { withUniqueNames } from "../../../workspace/index/unique-names.ts";
import type { Contribution } from "../contribution.ts";
import { MCP_PROVIDER } from "./mcp-provider.ts";

/**
 * Offers `aksara mcp` for each open folder to the editor's own chat and to other extensions. Nothing starts before they
 * ask the editor for it, and nothing is offered in a workspace that is not trusted.
 */
export const registerMcpDefinitions: Contribution = ({ studio }) => {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.lm.registerMcpServerDefinitionProvider(MCP_PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => mcpDefinitions(studio.extension),
    }),
  );
};

/** How the servers of the open folders are started, by the Node that the editor itself is. */
export function mcpDefinitions({
  extension,
}: Pick<vscode.ExtensionContext, "extension">): vscode.McpStdioServerDefinition[] {
  if (!vscode.workspace.isTrusted) return [];
  const program = vscode.Uri.joinPath(extension.extensionUri, "dist/cli.js").fsPath;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const named = withUniqueNames(folders.map(({ name, uri }) => ({ name, path: uri.fsPath })));
  return named.map(({ name, path }) => {
    const definition = new vscode.McpStdioServerDefinition(
      named.length > 1 ? `Aksara Studio: ${name}` : "Aksara Studio",
      process.execPath,
      [program, "mcp", "--workspace", path],
      { ELECTRON_RUN_AS_NODE: "1" },
      String(extension.packageJSON.version),
    );
    definition.cwd = vscode.Uri.file(path);
    return definition;
  });
}
