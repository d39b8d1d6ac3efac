/** Stands for a library that answers requests by itself. */
export const sessions = { fetch: (_request: Request): Response => new Response(null, { status: 204 }) };
