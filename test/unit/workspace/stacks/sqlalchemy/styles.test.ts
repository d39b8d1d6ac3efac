import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { sqlalchemyStack } from "../../../../../src/workspace/stacks/sqlalchemy/stack.ts";
import { type Files, readFiles } from "../read-python.ts";

async function modelsOf(files: Files): Promise<ReadonlyMap<string, Model>> {
  const { models } = await readFiles(sqlalchemyStack, files);
  return new Map(models.map((model) => [model.name, model]));
}

const columns = (model: Model | undefined) =>
  model?.fields.map((field) => `${field.column} ${field.type.native}${field.nullable ? "" : " not null"}`);
const relations = (model: Model | undefined) =>
  model?.relations.map(({ name, kind, target, through }) => `${name} ${kind} ${target} ${through ?? "-"}`);
const indexes = (model: Model | undefined) =>
  model?.indexes.flatMap(({ name, columns: parts, origin }) =>
    origin === "primary-key" ? [] : [`${name} ${parts.map((part) => part.column ?? part.expression)}`],
  );

describe("SQLAlchemy models: the ways that projects write them", () => {
  it("C01 reads classes that are mapped imperatively as the models of their tables", async () => {
    const models = await modelsOf({
      "app/tables.py": `
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text
metadata = MetaData()
teams = Table("teams", metadata, Column("id", Integer, primary_key=True))
people = Table("people", metadata, Column("id", Integer, primary_key=True), Column("pass", Text), Column("team_id", Integer, ForeignKey("teams.id")))
left = Table("left_alone", metadata, Column("id", Integer, primary_key=True))
`,
      "app/domain.py": `
from app.core import DomainObject
from sqlalchemy.orm import Mapped
class Person(DomainObject):
    id: Mapped[int]
class Team(DomainObject):
    members: Mapped[list[Person]]
`,
      "app/orm.py": `
from sqlalchemy.orm import backref, registry, relationship
from app.domain import Person, Team
from app.tables import people, teams
mapper_registry = registry()
def start_mappers():
    mapper_registry.map_imperatively(Team, teams)
    mapper_registry.map_imperatively(Person, people, properties={
        "team": relationship(Team, backref=backref("members")),
        "number": people.c.id,
    })
`,
    });
    assert.deepEqual([...models.keys()].sort(), ["Person", "Team", "left"]);
    const person = models.get("Person");
    assert.equal(person?.table, "people");
    assert.equal(person.uri, "app/domain.py");
    assert.deepEqual(
      person.fields.map(({ name, column }) => `${name}:${column}`),
      ["number:id", "pass:pass", "team_id:team_id"],
    );
    assert.deepEqual(columns(person), ["id integer not null", "pass text", "team_id integer"]);
    assert.deepEqual(relations(person), ["team many-to-one app.domain.Team -"]);
    assert.deepEqual(relations(models.get("Team")), ["members one-to-many app.domain.Person -"]);
  });

  it("C01 reads columns of a partial, of Annotated, of a type map and of a registry in the base class", async () => {
    const models = await modelsOf({
      "app/base.py": `
import functools, re
import sqlalchemy as sa
from typing import Annotated, Any, ClassVar
from sqlalchemy.orm import DeclarativeBase, declared_attr, mapped_column, registry
CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
text = Annotated[str, mapped_column(sa.Text)]
key = Annotated[int, mapped_column(primary_key=True)]
Required = functools.partial(sa.Column, nullable=False)
class Base(DeclarativeBase):
    registry: ClassVar[Any] = registry(
        metadata=sa.MetaData(naming_convention={"ix": "ix_%(table_name)s__%(column_0_N_name)s", "uq": "uq_%(table_name)s__%(column_0_N_name)s"}),
        type_annotation_map={dict[str, Any]: sa.JSON},
    )
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return CAMEL.sub("_", cls.__name__).lower()
`,
      "app/models.py": `
import sqlalchemy as sa
from typing import Any, TYPE_CHECKING
from sqlalchemy.orm import Mapped, mapped_column
from .base import Base, Required, key, text
class AuditLine(Base):
    id: Mapped[key]
    body: Mapped[text | None]
    extras: Mapped[dict[str, Any]]
    at: Mapped[str] = mapped_column(index=True)
    old = Required(sa.String(20))
    __table_args__ = (sa.UniqueConstraint("body"), sa.Index("ix_search", "body", postgresql_using="gin").ddl_if(dialect="postgresql"))
sa.Index("ix_late", AuditLine.__table__.c.at, sa.func.lower(AuditLine.body))
if TYPE_CHECKING:
    class CheckedLine(AuditLine):
        body: str
`,
    });
    const line = models.get("AuditLine");
    assert.equal(line?.table, "audit_line");
    assert.deepEqual(columns(line), [
      "id integer not null",
      "body text",
      "extras json not null",
      "at varchar not null",
      "old varchar(20) not null",
    ]);
    assert.deepEqual(indexes(line), [
      "ix_audit_line__at at",
      "uq_audit_line__body body",
      "ix_search body",
      "ix_late at,lower(body)",
    ]);
    assert.equal(models.has("CheckedLine"), false, "what only a type checker sees is no model");
  });

  it("C01 gives children without a table their parent's, with their indexes, and mixins of Authlib their columns", async () => {
    const models = await modelsOf({
      "models.py": `
from authlib.integrations.sqla_oauth2 import OAuth2TokenMixin
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Base(DeclarativeBase): ...
tags = Table("case_tags", Base.metadata, Column("case_id", ForeignKey("cases.id")), Column("tag_id", ForeignKey("tags.id")))
class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
class Case(Base):
    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship(Tag, tags)
class Dispute(Case):
    reason: Mapped[str] = mapped_column(String(9))
Index("ix_reason", Dispute.reason)
class Token(OAuth2TokenMixin, Base):
    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    access_token: Mapped[str] = mapped_column(String(99))
`,
    });
    assert.deepEqual(columns(models.get("Case")), ["id integer not null", "reason varchar(9) not null"]);
    assert.deepEqual(indexes(models.get("Case")), ["ix_reason reason"]);
    assert.deepEqual(relations(models.get("Case")), ["tags many-to-many models.Tag case_tags"]);
    const token = models.get("Token");
    assert.equal(token?.fields.length, 10);
    assert.equal(token.fields.find(({ name }) => name === "access_token")?.type.length, 99);
    assert.ok(token.fields.some(({ name, indexed }) => name === "refresh_token" && indexed));
  });

  it("C01 reads tables of Flask-SQLAlchemy without metadata, and the tables of fastapi-users", async () => {
    const models = await modelsOf({
      "models.py": `
from flask_sqlalchemy import SQLAlchemy
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseOAuthAccountTableUUID, SQLAlchemyBaseUserTableUUID
from sqlalchemy.orm import DeclarativeBase
db = SQLAlchemy()
links = db.Table("links", db.Column("a_id", db.Integer), db.Column("b_id", db.Integer))
class Base(DeclarativeBase): ...
class User(SQLAlchemyBaseUserTableUUID, Base): ...
class Account(SQLAlchemyBaseOAuthAccountTableUUID, Base): ...
`,
    });
    assert.deepEqual(columns(models.get("links")), ["a_id integer", "b_id integer"]);
    assert.equal(models.get("User")?.table, "user");
    assert.equal(models.get("Account")?.table, "oauth_account");
    assert.deepEqual(relations(models.get("Account")), ["user_id many-to-one models.User -"]);
    assert.deepEqual(indexes(models.get("Account")), [
      "ix_oauth_account_oauth_name oauth_name",
      "ix_oauth_account_account_id account_id",
    ]);
  });

  it("C01 shortens names over 63 letters as SQLAlchemy does", async () => {
    const models = await modelsOf({
      "models.py": `
from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"fk": "%(table_name)s_%(column_0_N_name)s_fkey"})
class Code(Base):
    __tablename__ = "oauth2_authorization_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
class CodeOrganization(Base):
    __tablename__ = "oauth2_authorization_code_organizations"
    oauth2_authorization_code_id: Mapped[int] = mapped_column(ForeignKey("oauth2_authorization_codes.id"), primary_key=True)
`,
    });
    assert.deepEqual(
      models
        .get("CodeOrganization")
        ?.constraints.flatMap(({ kind, name }) => (kind === "foreign-key" ? [name] : [])),
      ["oauth2_authorization_code_organizations_oauth2_authoriz_0a46"],
      "the name that SQLAlchemy 2.0 gives",
    );
  });
});
