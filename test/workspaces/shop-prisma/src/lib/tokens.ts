import { createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

export interface TokenPayload {
  userId: number;
  role: "CUSTOMER" | "WAREHOUSE" | "MODERATOR" | "ADMIN";
  expiresAt: number;
}

const secret = () => process.env.TOKEN_SECRET ?? "only-for-development";
const sign = (body: string) => createHmac("sha256", secret()).update(body).digest("base64url");

export function issueToken(payload: TokenPayload): string {
  const body = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `${body}.${sign(body)}`;
}

/** The payload of a token that we issued and that has not expired, else null. */
export function readToken(token: string): TokenPayload | null {
  const [body, signature] = token.split(".");
  if (!body || !signature || !sameText(signature, sign(body))) return null;
  const payload = JSON.parse(Buffer.from(body, "base64url").toString()) as TokenPayload;
  return payload.expiresAt > Date.now() ? payload : null;
}

export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

export function hashPassword(password: string): string {
  const salt = randomBytes(16).toString("hex");
  return `${salt}:${scryptSync(password, salt, 32).toString("hex")}`;
}

export function passwordMatches(password: string, stored: string): boolean {
  const [salt = "", hash = ""] = stored.split(":");
  return sameText(hash, scryptSync(password, salt, 32).toString("hex"));
}
