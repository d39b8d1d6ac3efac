/** Id of what offers our MCP server to the editor; the manifest declares it. */
export const MCP_PROVIDER = "aksara.workspace";
