import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, issueToken, passwordMatches, readToken } from "../src/lib/tokens.js";

const payload = { userId: 7, role: "CUSTOMER" as const };

test("a token is read back", () => {
  const expiresAt = Date.now() + 1_000;
  assert.deepEqual(readToken(issueToken({ ...payload, expiresAt })), { ...payload, expiresAt });
});

test("an expired or changed token is refused", () => {
  assert.equal(readToken(issueToken({ ...payload, expiresAt: 1 })), null);
  const token = issueToken({ ...payload, expiresAt: Date.now() + 1_000 });
  assert.equal(readToken(`${token}x`), null);
});

test("a password matches its own hash only", () => {
  const stored = hashPassword("a long secret");
  assert.ok(passwordMatches("a long secret", stored));
  assert.ok(!passwordMatches("another secret", stored));
});
