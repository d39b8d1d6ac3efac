import type { Query } from "../../ir/query.ts";
import type { SqlName } from "./identifier.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { SqlToken } from "./tokenize.ts";

export interface StatementClass {
  /** Leading keywords: `SELECT`, `CREATE INDEX`, `ALTER TABLE`; "" for what is no statement. */
  readonly verb: string;
  readonly operation: Query["operation"];
  /** Kind of object that a DDL statement is about, in lower case: `table`, `index`, `function`. */
  readonly objectKind: string | null;
  /** The objects a DDL statement names; of an index its own name, see `readTables` for the table. */
  readonly names: readonly SqlName[];
}

type Operation = Query["operation"];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  SELECT: "select",
  VALUES: "select",
  TABLE: "select",
  INSERT: "insert",
  REPLACE: "insert",
  UPDATE: "update",
  MERGE: "update",
  DELETE: "delete",
  CREATE: "ddl",
  ALTER: "ddl",
  DROP: "ddl",
  TRUNCATE: "ddl",
  RENAME: "ddl",
  COMMENT: "ddl",
  REINDEX: "ddl",
  REFRESH: "ddl",
  CLUSTER: "ddl",
};

const OTHERS = new Set(
  `ANALYZE ATTACH BEGIN CALL CHECKPOINT CLOSE COMMIT COPY DEALLOCATE DECLARE DETACH DISCARD DO END EXECUTE EXPLAIN FETCH
   FLUSH GRANT HANDLER IMPORT KILL LISTEN LOAD LOCK MOVE NOTIFY OPTIMIZE PRAGMA PREPARE REASSIGN RELEASE RESET REVOKE
   ROLLBACK SAVEPOINT SECURITY SET SHOW START UNLISTEN UNLOCK USE VACUUM DESCRIBE`.split(/\s+/),
);

const OBJECT_KINDS = new Set(
  `ACCESS AGGREGATE CAST COLLATION CONVERSION DATABASE DOMAIN EVENT EXTENSION FUNCTION GROUP INDEX LANGUAGE OPERATOR POLICY
   PROCEDURE PUBLICATION ROLE ROUTINE RULE SCHEMA SEQUENCE SERVER STATISTICS SUBSCRIPTION SYNONYM TABLE TABLESPACE
   TRANSFORM TRIGGER TYPE USER VIEW COLUMN CONSTRAINT`.split(/\s+/),
);
const ROUTINE_KINDS = new Set(["AGGREGATE", "FUNCTION", "PROCEDURE", "ROUTINE"]);

/** What a statement does, from its keywords; every dialect, no grammar needed. */
export function classifyStatement(text: string, tokens: readonly SqlToken[]): StatementClass {
  const cursor = new TokenCursor(text, tokens);
  while (cursor.acceptSymbol("("));
  const first = cursor.word();
  if (first === "WITH")
    return { verb: "WITH", operation: mainOperation(cursor), objectKind: null, names: [] };
  const operation = OPERATIONS[first];
  if (operation === undefined) {
    const verb = OTHERS.has(first) ? first : "";
    return { verb, operation: "other", objectKind: null, names: [] };
  }
  if (operation !== "ddl") return { verb: first, operation, objectKind: null, names: [] };
  cursor.next();
  return classifyDefinition(first, cursor);
}

/** The verb behind the common table expressions of a WITH. */
function mainOperation(cursor: TokenCursor): Operation {
  while (!cursor.done) {
    const operation = OPERATIONS[cursor.word()];
    if (operation !== undefined && operation !== "ddl" && cursor.word() !== "TABLE") return operation;
    cursor.skip();
  }
  return "other";
}

function classifyDefinition(first: string, cursor: TokenCursor): StatementClass {
  if (first === "TRUNCATE") {
    cursor.accept("TABLE");
    cursor.accept("ONLY");
    return { verb: first, operation: "ddl", objectKind: "table", names: cursor.names() };
  }
  if (first === "COMMENT") cursor.accept("ON");
  let materialized = "";
  for (let steps = 0; steps < 16 && !cursor.done; steps++) {
    const word = cursor.word();
    const routineOption = word === "EVENT" && cursor.word(1) === "TRIGGER";
    if (word === "MATERIALIZED") materialized = "MATERIALIZED ";
    if (
      OBJECT_KINDS.has(word) &&
      !routineOption &&
      !(word === "CONSTRAINT" && cursor.word(1) === "TRIGGER")
    ) {
      cursor.next();
      return {
        verb: `${first === "COMMENT" ? "COMMENT ON" : first} ${materialized}${word}`,
        operation: "ddl",
        objectKind: word.toLowerCase(),
        names: namesOf(word, cursor),
      };
    }
    cursor.skip();
  }
  return { verb: first, operation: "ddl", objectKind: null, names: [] };
}

function namesOf(kind: string, cursor: TokenCursor): readonly SqlName[] {
  cursor.accept("CONCURRENTLY");
  cursor.accept("IF", "NOT", "EXISTS") || cursor.accept("IF", "EXISTS");
  cursor.accept("ONLY");
  // An index may be without a name: `CREATE INDEX ON t (…)`.
  if (kind === "INDEX" && cursor.word() === "ON") return [];
  if (kind === "CAST" || kind === "OPERATOR") return [];
  if (ROUTINE_KINDS.has(kind)) {
    const name = cursor.name();
    return name ? [name] : [];
  }
  return cursor.names();
}
