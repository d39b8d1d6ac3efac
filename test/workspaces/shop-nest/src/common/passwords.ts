import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, string, number, Buffer>(scrypt);

export async function seal(password: string): Promise<string> {
  const salt = randomBytes(16).toString("hex");
  return `${salt}:${(await derive(password, salt, 32)).toString("hex")}`;
}

export async function matches(password: string, sealed: string): Promise<boolean> {
  const [salt, hash] = sealed.split(":");
  return timingSafeEqual(Buffer.from(hash, "hex"), await derive(password, salt, 32));
}
