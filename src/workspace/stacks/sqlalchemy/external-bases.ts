import type { ClassRef } from "../../languages/python/class-graph.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { PythonProject } from "../python/project.ts";
import type { ColumnSpec } from "./column-spec.ts";
import { plainType } from "./read-type.ts";
import type { SqlType } from "./sql-types.ts";

interface ExternalColumn {
  readonly name: string;
  /** Where the column is called otherwise. */
  readonly column?: string;
  readonly type: SqlType;
  readonly nullable?: boolean;
  readonly primaryKey?: boolean;
  readonly unique?: boolean;
  readonly indexed?: boolean;
  /** "table.column", deleted with what it refers to. */
  readonly refersTo?: string;
}

const text = (length: number | null): SqlType => ({
  ...plainType("String", length === null ? "VARCHAR" : `VARCHAR(${length})`, "string"),
  length,
});
const uuid = plainType("Uuid", "UUID", "uuid");
const integer = plainType("Integer", "INTEGER", "integer");
const boolean = plainType("Boolean", "BOOLEAN", "boolean");

const USER: readonly ExternalColumn[] = [
  { name: "email", type: text(320), unique: true, indexed: true },
  { name: "hashed_password", type: text(1024) },
  { name: "is_active", type: boolean },
  { name: "is_superuser", type: boolean },
  { name: "is_verified", type: boolean },
];

const plain = plainType("Text", "TEXT", "text");
const count = (name: string): ExternalColumn => ({ name, type: integer });
const free = (name: string, type: SqlType): ExternalColumn => ({ name, type, nullable: true });

const KEY: ExternalColumn = { name: "id", type: uuid, primaryKey: true };
const ACCOUNT: readonly ExternalColumn[] = [
  { name: "oauth_name", type: text(100), indexed: true },
  { name: "access_token", type: text(1024) },
  { name: "expires_at", type: integer, nullable: true },
  { name: "refresh_token", type: text(1024), nullable: true },
  { name: "account_id", type: text(320), indexed: true },
  { name: "account_email", type: text(320) },
];
const TOKEN: readonly ExternalColumn[] = [
  { name: "token", type: text(43), primaryKey: true },
  {
    name: "created_at",
    type: plainType("TIMESTAMPAware", "TIMESTAMP WITH TIME ZONE", "datetime"),
    indexed: true,
  },
];

/** Tables that such bases name. */
const TABLES: readonly (readonly [RegExp, string])[] = [
  [/^fastapi_users.*\.SQLAlchemyBaseUserTable(UUID)?$/, "user"],
  [/^fastapi_users.*\.SQLAlchemyBaseOAuthAccountTable(UUID)?$/, "oauth_account"],
  [/^fastapi_users.*\.SQLAlchemyBaseAccessTokenTable(UUID)?$/, "accesstoken"],
];

/** The table that a base outside of the workspace gives a class; null when none does. */
export function externalTable(project: PythonProject, ref: ClassRef<PythonClass>): string | null {
  for (const step of project.classes.linearize(ref)) {
    const found = step.kind === "external" ? TABLES.find(([name]) => name.test(step.name)) : undefined;
    if (found) return found[1];
  }
  return null;
}

/** Columns of well-known bases outside of the workspace, by what the last part of their name matches. */
const BASES: readonly (readonly [RegExp, readonly ExternalColumn[]])[] = [
  [/^fastapi_users(\.\w+|_db_sqlalchemy)*\.SQLAlchemyBaseUserTableUUID$/, [KEY, ...USER]],
  [/^fastapi_users(\.\w+|_db_sqlalchemy)*\.SQLAlchemyBaseUserTable$/, USER],
  [
    /^fastapi_users(\.\w+|_db_sqlalchemy)*\.SQLAlchemyBaseOAuthAccountTableUUID$/,
    [KEY, ...ACCOUNT, { name: "user_id", type: uuid, refersTo: "user.id" }],
  ],
  [/^fastapi_users(\.\w+|_db_sqlalchemy)*\.SQLAlchemyBaseOAuthAccountTable$/, ACCOUNT],
  [
    /^fastapi_users(\.\w+|_db_sqlalchemy)*\.access_token\.SQLAlchemyBaseAccessTokenTableUUID$/,
    [...TOKEN, { name: "user_id", type: uuid, refersTo: "user.id" }],
  ],
  [/^fastapi_users(\.\w+|_db_sqlalchemy)*\.access_token\.SQLAlchemyBaseAccessTokenTable$/, TOKEN],
  [/^advanced_alchemy\.base\.UUID\w*Base$/, [{ name: "id", type: uuid, primaryKey: true }]],
  [
    /^advanced_alchemy\.base\.BigInt\w*Base$/,
    [{ name: "id", type: plainType("BigInteger", "BIGINT", "bigint"), primaryKey: true }],
  ],
  [
    /^authlib\.integrations\.sqla_oauth2(\.\w+)?\.OAuth2ClientMixin$/,
    [
      { ...free("client_id", text(48)), indexed: true },
      free("client_secret", text(120)),
      count("client_id_issued_at"),
      count("client_secret_expires_at"),
      { ...free("_client_metadata", plain), column: "client_metadata" },
    ],
  ],
  [
    /^authlib\.integrations\.sqla_oauth2(\.\w+)?\.OAuth2AuthorizationCodeMixin$/,
    [
      { name: "code", type: text(120), unique: true },
      free("client_id", text(48)),
      ...["redirect_uri", "response_type", "scope", "nonce"].map((name) => free(name, plain)),
      count("auth_time"),
      ...["acr", "amr", "code_challenge"].map((name) => free(name, plain)),
      free("code_challenge_method", text(48)),
    ],
  ],
  [
    /^authlib\.integrations\.sqla_oauth2(\.\w+)?\.OAuth2TokenMixin$/,
    [
      free("client_id", text(48)),
      free("token_type", text(40)),
      { name: "access_token", type: text(255), unique: true },
      { ...free("refresh_token", text(255)), indexed: true },
      free("scope", plain),
      ...["issued_at", "access_token_revoked_at", "refresh_token_revoked_at", "expires_in"].map(count),
    ],
  ],
  [
    /^sqlalchemy_utils(\.models)?\.Timestamp$/,
    ["created", "updated"].map((name) => ({
      name,
      type: plainType("DateTime", "TIMESTAMP WITHOUT TIME ZONE", "datetime"),
    })),
  ],
  [
    /^flask_appbuilder\.models\.mixins\.AuditMixin$/,
    [
      { name: "created_on", type: plainType("DateTime", "TIMESTAMP WITHOUT TIME ZONE", "datetime") },
      { name: "changed_on", type: plainType("DateTime", "TIMESTAMP WITHOUT TIME ZONE", "datetime") },
      { name: "created_by_fk", type: integer },
      { name: "changed_by_fk", type: integer },
    ],
  ],
];

/** Columns that a class inherits from bases outside of the workspace; none where a mapped parent already has them. */
export function externalColumns(
  project: PythonProject,
  ref: ClassRef<PythonClass>,
  hasParent: boolean,
): readonly ColumnSpec[] {
  if (hasParent) return [];
  const { declaration, uri } = ref;
  const source: SourceRef = { uri, range: rangeOf(declaration.span), hash: declaration.hash };
  return project.classes.linearize(ref).flatMap((step) => {
    const found = step.kind === "external" ? BASES.find(([name]) => name.test(step.name)) : undefined;
    return (found?.[1] ?? []).map((column) => ({
      name: column.name,
      column: column.column ?? column.name,
      type: column.type,
      nullable: column.nullable ?? false,
      primaryKey: column.primaryKey === true,
      unique: column.unique === true,
      indexed: column.indexed === true,
      default: null,
      serverDefault: null,
      identity: false,
      computed: false,
      autoincrement: null,
      documentation: null,
      foreignKeys: (column.refersTo === undefined ? [] : [column.refersTo]).map((value) => ({
        target: { uri, scope: "", expression: { k: "string" as const, value, span: declaration.nameSpan } },
        name: null,
        onDelete: "cascade" as const,
        onUpdate: null,
        deferrable: false,
      })),
      inheritedFrom: step.name,
      gap: null,
      source,
      written: { uri, scope: "", expression: { k: "name", value: "None", span: declaration.nameSpan } },
    }));
  });
}
