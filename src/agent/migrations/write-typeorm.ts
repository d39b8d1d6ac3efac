import { commonNotes, type MigrationRequest, nameOf, type WrittenMigration } from "./migration-writer.ts";
import { sqlSteps } from "./sql-steps.ts";

/** A migration of TypeORM, as its own generator writes them. */
export async function writeTypeormMigration(request: MigrationRequest): Promise<WrittenMigration> {
  const { up, down, notes } = sqlSteps(request.difference, request.described);
  const last = request.migrations.toSorted((a, b) => stampOf(a.uri) - stampOf(b.uri)).at(-1);
  const folder = last?.uri.split("/").slice(0, -1).join("/") ?? "src/migrations";
  const text = last ? await request.readText(last.uri) : "";
  const stamp = Math.max(Date.parse(`${request.today}T00:00:00Z`), (last ? stampOf(last.uri) : 0) + 1_000);
  const name = nameOf(request).replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const indent = /^( {2,4}|\t)(?:public|name|transaction|async)/m.exec(text)?.[1] ?? "  ";
  const quote = /from '/.test(text) ? "'" : '"';
  const body = (statements: readonly string[]) =>
    statements
      .map((sql) => `${indent}${indent}await queryRunner.query(\`${sql.replace(/[\\`]|\$\{/g, "\\$&")}\`);\n`)
      .join("");
  const content = `import { MigrationInterface, QueryRunner } from ${quote}typeorm${quote};

export class ${name}${stamp} implements MigrationInterface {
${indent}public async up(queryRunner: QueryRunner): Promise<void> {
${body(up)}${indent}}

${indent}public async down(queryRunner: QueryRunner): Promise<void> {
${body(down)}${indent}}
}
`;
  return {
    files: [{ uri: `${folder}/${stamp}-${name}.ts`, content }],
    reverse: null,
    notes: [...commonNotes(request), ...notes],
  };
}

function stampOf(uri: string): number {
  return Number(/\d{13}/.exec(uri)?.[0] ?? 0);
}
