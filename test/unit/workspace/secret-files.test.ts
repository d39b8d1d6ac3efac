import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isSecretFile } from "../../../src/workspace/secret-files.ts";

describe("Secret files", () => {
  it("A12 are known by name, in any case", () => {
    const secret = [
      ".env",
      ".env.local",
      ".envrc",
      "production.env",
      ".ENV",
      "server.pem",
      "server.KEY",
      "id_rsa",
      "id_rsa.pub",
      "id_ed25519",
      "cert.p12",
      "store.pfx",
      "credentials",
      "credentials.json",
      "secrets.yml",
      ".npmrc",
      ".pgpass",
      ".netrc",
      "client_secret_1.json",
      "service-account-prod.json",
    ];
    assert.deepEqual(
      secret.filter((name) => !isSecretFile(name)),
      [],
    );
  });

  it("are not source files that deal with such things", () => {
    const source = [
      "credentials.py",
      "secrets.ts",
      "environment.py",
      "keys.py",
      "models.py",
      "env.py",
      "key.ts",
    ];
    assert.deepEqual(source.filter(isSecretFile), []);
  });
});
