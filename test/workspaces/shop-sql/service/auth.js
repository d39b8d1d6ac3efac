import { createHash } from "node:crypto";
import { pool } from "./db.js";

/** A hook that lets a request pass whose API key has the scope. */
export function requireScope(scope) {
  return async function requireScope(request, reply) {
    const hash = createHash("sha256").update(String(request.headers["x-api-key"])).digest("hex");
    const { rowCount } = await pool.query(
      "UPDATE api_keys SET last_used_at = now() WHERE key_hash = $1 AND $2 = ANY (scopes)",
      [hash, scope],
    );
    if (rowCount === 0) return reply.code(403).send({ error: `needs the scope ${scope}` });
  };
}
