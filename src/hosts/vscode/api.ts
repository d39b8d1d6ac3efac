import type { McpStdioServerDefinition } from "vscode";
import type { FlowRequest } from "../../protocol/action.ts";
import type { ChatItem } from "../../protocol/chat.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { RunRefusal } from "./run-refusal.ts";

/**
 * What `activate()` returns, for other extensions:
 * `await vscode.extensions.getExtension("aksara-studio.aksara-studio").activate()`.
 */
export interface AksaraApi {
  /**
   * Builds the prompt pack of a request from the open folders, without showing it. What is wrong with the request is
   * in the pack (`ok`, `error_code`).
   * @throws AksaraError CONTEXT_NOT_FOUND where no folder is open.
   */
  buildPromptPack(request: FlowRequest): Promise<PromptPack>;
  /** The pack that the flow panel shows; null without a panel and while it is built. */
  currentPack(): PromptPack | null;
  /** Why a pack cannot be sent to a provider now. */
  runRefusal(): RunRefusal | null;
  /**
   * Sends a message to the agent, in the thread of the chat that is shown. Resolves when the turn has ended;
   * what it asks a person for is for a person to answer.
   * @throws AksaraError WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND where no folder is open.
   */
  askAgent(text: string): Promise<void>;
  /** What stands in the thread that is shown, from top to bottom. */
  agentThread(): Promise<readonly ChatItem[]>;
  /** How the MCP servers of the open folders are started; none in a workspace that is not trusted. */
  mcpServers(): readonly McpStdioServerDefinition[];
}
