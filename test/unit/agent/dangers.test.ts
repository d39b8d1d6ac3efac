import assert from "node:assert/strict";
import { commandDangers, shellDangers } from "../../../src/agent/approvals/dangers/command.ts";
import { sqlDangers } from "../../../src/agent/approvals/dangers/sql.ts";
import type { SqlDialect } from "../../../src/workspace/ir/query.ts";
import { postgresParser } from "../../support/scripted-workspace.ts";

const parser = postgresParser();

const DANGEROUS_SQL: readonly (readonly [sql: string, name: string, dialect?: SqlDialect])[] = [
  ["DROP TABLE users", "drop"],
  ["drop/**/table users", "drop"],
  ["SELECT 1; DROP SCHEMA public CASCADE", "drop"],
  ["DROP DATABASE shop", "drop"],
  ["DROP INDEX CONCURRENTLY i", "drop"],
  ["DROP OWNED BY me", "drop"],
  ["ALTER TABLE users DROP COLUMN email", "drop"],
  ["ALTER TABLE users DROP CONSTRAINT c", "drop"],
  ["ALTER TABLE users ALTER COLUMN age TYPE smallint", "drop"],
  ["TRUNCATE users", "truncate"],
  ["DELETE FROM users", "delete-without-where"],
  ["DELETE FROM users WHERE true", "delete-without-where"],
  ["DELETE FROM users WHERE 1 = 1", "delete-without-where"],
  ["DELETE FROM users WHERE id = id", "delete-without-where"],
  ["DELETE FROM users WHERE id = 3 OR 1=1", "delete-without-where"],
  ["DELETE FROM users WHERE NOT false", "delete-without-where"],
  ["DELETE FROM users WHERE name LIKE '%'", "delete-without-where"],
  ["DELETE FROM users WHERE id IS NOT NULL", "delete-without-where"],
  ["DELETE FROM users WHERE 1 < 2", "delete-without-where"],
  ["DELETE FROM users WHERE 't'::boolean", "delete-without-where"],
  ["WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone", "delete-without-where"],
  ["EXPLAIN ANALYZE DELETE FROM users", "delete-without-where"],
  ["PREPARE p AS DELETE FROM users", "delete-without-where"],
  ["UPDATE users SET admin = true", "update-without-where"],
  ["UPDATE users SET admin = true WHERE true", "update-without-where"],
  ["MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "merge-delete"],
  ["DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$", "code"],
  ["CALL wipe()", "code"],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM users'", "code"],
  ["COPY users TO PROGRAM 'cat'", "files"],
  ["COPY users FROM '/etc/passwd'", "files"],
  ["GRANT ALL ON users TO public", "permissions"],
  ["ALTER ROLE me SUPERUSER", "permissions"],
  ["SET session_replication_role = replica", "settings"],
  ["ALTER SYSTEM SET fsync = off", "server"],
  ["SELECT pg_terminate_backend(1)", "function"],
  ["SELECT pg_read_file('/etc/passwd')", "function"],
  ["SELECT lo_unlink(1)", "function"],
  ["SELECT dblink_exec('DROP TABLE users')", "function"],
  ["SELECT 1 /*! ; DROP TABLE users */", "hidden"],
  ["SELECT '\\' -- '; DROP TABLE users", "not-understood", "mysql"],
  ["DROP TABLE `users`", "drop", "mysql"],
  ["DELETE FROM `users`", "delete-without-where", "mysql"],
  ["\\! rm -rf .", "not-understood"],
  [".shell rm -rf .", "not-understood", "sqlite"],
  ["PRAGMA writable_schema = 1", "not-understood", "sqlite"],
  ["SELECT 1\0; DROP TABLE users", "not-understood"],
];

const HARMLESS_SQL: readonly string[] = [
  "SELECT * FROM users WHERE name = 'DROP TABLE users'",
  "SELECT drop_count, truncated FROM deletes",
  "DELETE FROM users WHERE id = $1",
  "DELETE FROM users WHERE id = %s",
  "DELETE FROM users WHERE id = ? AND email = ?",
  "UPDATE users SET name = 'x' WHERE id IN (SELECT id FROM old)",
  "INSERT INTO users (name) VALUES ('a')",
  "CREATE TABLE t (id int)",
  "ALTER TABLE users ADD COLUMN slug text",
  "CREATE INDEX CONCURRENTLY i ON users (email)",
  "-- DROP TABLE users\nSELECT 1",
];

const DANGEROUS_COMMANDS: readonly (readonly [command: string, name: string])[] = [
  ["rm -rf build", "remove-files"],
  ["/bin/rm build/x", "remove-files"],
  ["RM.EXE x", "remove-files"],
  ["env FOO=1 rm x", "remove-files"],
  ["FOO=1 rm x", "remove-files"],
  ["nice -n 5 rm x", "remove-files"],
  ["timeout -k 3 5 rm x", "remove-files"],
  ["xargs -0 rm", "remove-files"],
  ["busybox rm x", "remove-files"],
  ["find . -name x -delete", "remove-files"],
  ["find . -exec rm {} +", "remove-files"],
  ["bash -c 'rm -rf x'", "remove-files"],
  ["bash -lc 'true && rm x'", "remove-files"],
  ["sh -c 'sh -c \"rm x\"'", "remove-files"],
  ["git push", "push"],
  ["git -C sub push --force origin main", "push"],
  ["git reset --hard HEAD~1", "history"],
  ["git clean -fdx", "history"],
  ["git checkout -- .", "history"],
  ["git stash drop", "history"],
  ["git branch -D main", "history"],
  ["git config core.hooksPath x", "git-config"],
  ["git -c core.sshCommand=x fetch", "git-config"],
  ["git pull", "network"],
  ["curl https://example.com", "network"],
  ["wget x", "network"],
  ["ssh host ls", "network"],
  ["npm install left-pad", "network"],
  ["npm publish", "push"],
  ["npx cowsay", "network"],
  ["pip install x", "network"],
  ["python -m pip install x", "network"],
  ["docker run x", "network"],
  ["poetry run rm x", "remove-files"],
  ["sudo ls", "privilege"],
  ["chmod -R 777 x", "system"],
  ["killall node", "processes"],
  ["dd if=a of=b", "remove-files"],
  ["prisma migrate reset --force", "schema-reset"],
  ["node_modules/.bin/prisma db push --accept-data-loss", "schema-reset"],
  ["npx prisma migrate reset", "schema-reset"],
  ["python manage.py flush --no-input", "schema-reset"],
  ["python manage.py migrate orders zero", "schema-reset"],
  ["python manage.py migrate orders 0001", "schema-reset"],
  ["python manage.py shell", "schema-reset"],
  ["rails db:drop", "schema-reset"],
  ["bundle exec rails db:reset", "schema-reset"],
  ["alembic downgrade base", "schema-reset"],
  ["typeorm schema:drop", "schema-reset"],
  ["sequelize db:migrate:undo:all", "schema-reset"],
  ["php artisan migrate:fresh", "schema-reset"],
  ["mix ecto.reset", "schema-reset"],
  ["dropdb shop", "database"],
  ["psql -f wipe.sql", "database"],
  ["psql shop -c 'DROP TABLE users'", "drop"],
  ["psql --command='TRUNCATE users'", "truncate"],
  ["psql -Atc 'DELETE FROM users'", "delete-without-where"],
  ["mysql -e 'DELETE FROM users'", "delete-without-where"],
  ["sqlite3 db.sqlite 'DROP TABLE users'", "drop"],
  ["python -c 'import os'", "inline-code"],
  ["node -e 'x'", "inline-code"],
  ["perl -pe x", "inline-code"],
  ["cat .env", "secret-file"],
  ["grep x config/.env.local", "secret-file"],
  ["cat --file=id_rsa", "secret-file"],
  ["cat /etc/passwd", "outside"],
  ["cp x ../outside", "outside"],
  ["ls ~/.ssh", "outside"],
  ["NODE_OPTIONS=--require=x npm test", "environment"],
  ["LD_PRELOAD=x.so ls", "environment"],
  ["sed -i s/a/b/ x", "edit-in-place"],
];

const HARMLESS_COMMANDS: readonly string[] = [
  "ls -la",
  "git status",
  "git diff HEAD~1",
  "git log --oneline -5",
  "git commit -m 'Say why git push is not run'",
  "python manage.py test orders",
  "python manage.py makemigrations --check --dry-run",
  "python manage.py migrate",
  "python -m pytest tests/test_remove.py -k drop",
  "pytest -q",
  "npm test",
  "npm run build",
  "node --test",
  "cargo test",
  "go test ./...",
  "grep -rn 'rm -rf' src",
  "psql shop -c 'SELECT 1'",
  "tsc -p .",
  "sed -n 1,20p x",
];

describe("what always asks", () => {
  after(() => parser.dispose());

  for (const [sql, name, dialect = "postgresql"] of DANGEROUS_SQL)
    it(`A07 ${JSON.stringify(sql).slice(0, 70)} is ${name}`, async () => {
      const names = (await sqlDangers(sql, dialect, parser)).map((danger) => danger.name);
      assert.ok(names.includes(name), `${names}`);
    });

  for (const sql of HARMLESS_SQL)
    it(`${JSON.stringify(sql).slice(0, 70)} does not ask by itself`, async () => {
      assert.deepEqual(await sqlDangers(sql, "postgresql", parser), []);
    });

  for (const [command, name] of DANGEROUS_COMMANDS) {
    it(`A07 ${command} is ${name}, as a text for a shell`, async () => {
      const names = (await shellDangers(command, parser)).map((danger) => danger.name);
      assert.ok(names.includes(name), `${names}`);
    });
  }

  for (const command of HARMLESS_COMMANDS)
    it(`${command} does not ask by itself`, async () => {
      assert.deepEqual(await shellDangers(command, parser), []);
    });

  it("A07 arguments are looked at as they are: a word with spaces is one word", async () => {
    assert.deepEqual(await commandDangers(["git", "commit", "-m", "stop; rm -rf / please"], parser), []);
    const names = (await commandDangers(["git", "push", "origin", "a b"], parser)).map(({ name }) => name);
    assert.deepEqual(names, ["push"]);
  });

  for (const text of [
    "$(echo rm) x",
    "`echo rm` x",
    "r$x x",
    "a=rm; $a x",
    "cat > x",
    "ls *.py",
    "(ls)",
    "'open",
    "{rm,x}",
    "eval x",
  ])
    it(`A07 what a shell computes is not understood: ${text}`, async () => {
      assert.ok((await shellDangers(text, parser)).length > 0);
    });
});
