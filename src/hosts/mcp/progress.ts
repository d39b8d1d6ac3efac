import type { McpCall } from "./surface.ts";

/**
 * Tells the client how far a call has come, where it asked to be told: begins with nothing done; the answer tells of each
 * step that is.
 */
export async function tellProgress(
  { context }: McpCall,
  total: number,
  message: string,
): Promise<(done: number) => Promise<void>> {
  const token = context.mcpReq._meta?.progressToken;
  const tell = async (progress: number): Promise<void> => {
    if (token === undefined) return;
    await context.mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken: token, progress, total, message },
    });
  };
  await tell(0);
  return tell;
}
