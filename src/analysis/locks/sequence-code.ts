import type { SafeSequence } from "../../protocol/migration-locks.ts";
import type { MigrationOperation } from "../../workspace/ir/migration.ts";

/** A safe sequence as a migration of the stack; null where the stack's migrations are SQL, or it has steps by hand. */
export function sequenceCode(
  { steps }: Pick<SafeSequence, "steps">,
  stack: string,
  operation: MigrationOperation,
): SafeSequence["code"] {
  // What somebody has to deploy, or to fill in, between two steps is no migration.
  if (steps.some(({ sql }) => sql.length === 0 || sql.some((statement) => statement.includes("…"))))
    return null;
  switch (stack) {
    case "django":
      return django(steps, operation);
    case "alembic":
    case "sqlalchemy":
      return alembic(steps);
    case "typeorm":
      return typeorm(steps);
    default:
      return null;
  }
}

/** The state changes as the operation says; the database is changed step by step. */
function django(steps: SafeSequence["steps"], { text }: MigrationOperation): SafeSequence["code"] {
  const statements = steps.flatMap(({ sql }) => sql);
  const lines = [
    "class Migration(migrations.Migration):",
    "    atomic = False",
    "    operations = [",
    "        migrations.SeparateDatabaseAndState(",
    "            state_operations=[",
    ...`${dedented(text)},`.split("\n").map((line) => `                ${line}`.trimEnd()),
    "            ],",
    "            database_operations=[",
    ...statements.map((sql) => `                migrations.RunSQL(${pythonText(sql)}),`),
    "            ],",
    "        ),",
    "    ]",
  ];
  return { language: "python", text: lines.join("\n") };
}

/** The first line of a call stands where it stood; the lines below it are moved as far to the left. */
function dedented(text: string): string {
  const [first = "", ...rest] = text.trim().replace(/,$/, "").split("\n");
  const indents = rest
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const last = rest.at(-1);
  const least = last === undefined ? 0 : Math.min(...indents);
  return [first, ...rest.map((line) => line.slice(least))].join("\n");
}

function alembic(steps: SafeSequence["steps"]): SafeSequence["code"] {
  const lines = steps.flatMap(({ sql, in_transaction: inside }) =>
    inside
      ? sql.map((statement) => `    op.execute(${pythonText(statement)})`)
      : [
          "    with op.get_context().autocommit_block():",
          ...sql.map((statement) => `        op.execute(${pythonText(statement)})`),
        ],
  );
  return { language: "python", text: ["def upgrade() -> None:", ...lines].join("\n") };
}

function typeorm(steps: SafeSequence["steps"]): SafeSequence["code"] {
  const lines = steps.flatMap(({ sql }) =>
    sql.map((statement) => `    await queryRunner.query(${JSON.stringify(statement)});`),
  );
  const text = [
    "export class SafeStep implements MigrationInterface {",
    "  transaction = false;",
    "",
    "  public async up(queryRunner: QueryRunner): Promise<void> {",
    ...lines,
    "  }",
    "}",
  ].join("\n");
  return { language: "typescript", text };
}

/** A statement as a Python literal. */
function pythonText(sql: string): string {
  return JSON.stringify(sql);
}
