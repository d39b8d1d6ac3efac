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

describe("SQLAlchemy models", () => {
  it("C01 reads the declarative style of 1.x with keyword arguments, mixins and backref", async () => {
    const models = await modelsOf({
      "app/base.py": `
from sqlalchemy import Column, DateTime, Integer, MetaData
from sqlalchemy.ext.declarative import declarative_base, declared_attr

class CustomBase:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + "s"

    id = Column(Integer, primary_key=True)

Base = declarative_base(cls=CustomBase)

class Stamped(object):
    at = Column(DateTime(timezone=True), nullable=False)
`,
      "app/models.py": `
import sqlalchemy as sa
from sqlalchemy.orm import backref, relationship
from app.base import Base, Stamped

NAME = 40

class Team(Base):
    name = sa.Column("team_name", sa.Unicode(NAME), unique=True, nullable=False, server_default="x")

class Player(Stamped, Base):
    __table_args__ = {"schema": "league"}
    team_id = sa.Column(sa.ForeignKey("teams.id", ondelete="CASCADE", onupdate="CASCADE"), index=True)
    mate_id = sa.Column(sa.Integer, sa.ForeignKey("league.players.id"))
    team = relationship("Team", backref=backref("players", lazy="dynamic"))
    mate = relationship("Player", remote_side="Player.id", uselist=False)
`,
    });
    assert.deepEqual(columns(models.get("Team")), ["id integer not null", "team_name varchar(40) not null"]);
    assert.equal(models.get("Player")?.table, "league.players");
    assert.deepEqual(columns(models.get("Player")), [
      "id integer not null",
      "at timestamp with time zone not null",
      "team_id integer",
      "mate_id integer",
    ]);
    const [team, mate] = models.get("Player")?.relations ?? [];
    assert.deepEqual(
      [team?.kind, team?.direction, team?.onDelete, team?.onUpdate, team?.inverse],
      ["many-to-one", "forward", "cascade", "cascade", "players"],
    );
    assert.deepEqual(
      [mate?.name, mate?.kind, mate?.targetId],
      ["mate", "many-to-one", models.get("Player")?.id],
    );
    const [back] = models.get("Team")?.relations ?? [];
    assert.deepEqual(
      [back?.name, back?.kind, back?.direction, back?.targetColumns],
      ["players", "one-to-many", "reverse", ["team_id"]],
    );
    assert.ok(models.get("Player")?.indexes.some(({ name }) => name === "ix_league_players_team_id"));
    assert.equal(models.has("CustomBase"), false);
  });

  it("C01 names tables as Flask-SQLAlchemy and SQLModel do", async () => {
    const models = await modelsOf({
      "shop/extensions.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n",
      "shop/models.py": `
from shop.extensions import db

class HTTPLogEntry(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    body = db.deferred(db.Column(db.Text, nullable=False))

class SlowLogEntry(HTTPLogEntry):
    seconds = db.Column(db.Float)
`,
      "shop/heroes.py": `
from datetime import datetime
from typing import Optional, List
from sqlmodel import Field, Relationship, SQLModel

class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=80)
    email: Optional[str] = None

class SuperTeam(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="team")

class Hero(HeroBase, table=True):
    __tablename__ = "heroes"
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="superteam.id", ondelete="SET NULL")
    born: datetime
    team: SuperTeam | None = Relationship(back_populates="heroes")

class HeroCreate(HeroBase):
    password: str
`,
    });
    assert.equal(models.get("HTTPLogEntry")?.table, "http_log_entry");
    assert.equal(models.get("SlowLogEntry")?.proxyOf, "shop.models.HTTPLogEntry");
    assert.ok(
      models.get("HTTPLogEntry")?.fields.some(({ name }) => name === "seconds"),
      "its column is in the shared table",
    );
    assert.equal(models.get("SuperTeam")?.table, "superteam");
    assert.deepEqual(columns(models.get("Hero")), [
      "name varchar(80) not null",
      "email varchar",
      "id integer not null",
      "team_id integer",
      "born timestamp without time zone not null",
    ]);
    assert.deepEqual(
      models
        .get("Hero")
        ?.relations.map(({ name, kind, onDelete, inverse }) => [name, kind, onDelete, inverse]),
      [["team", "many-to-one", "set-null", "heroes"]],
    );
    assert.equal(models.has("HeroCreate"), false);
    assert.equal(models.has("HeroBase"), false);
  });

  it("C01 resolves types of the project, of dialects and of enumerations", async () => {
    const models = await modelsOf({
      "types.py": `
from sqlalchemy import CHAR, String
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

class GUID(TypeDecorator):
    impl = CHAR

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(32))

class Code(TypeDecorator):
    impl = String
`,
      "models.py": `
import enum
from sqlalchemy import JSON, BigInteger, Column, Computed, Enum, Identity, Integer, Interval, LargeBinary, Numeric
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, INET, JSONB, TSVECTOR
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase
from types import GUID, Code

class Base(DeclarativeBase):
    pass

class Color(enum.IntEnum):
    RED = 1
    BLUE = 2

class Thing(Base):
    __tablename__ = "things"
    id = Column(BigInteger, Identity(), primary_key=True)
    key = Column(GUID(), nullable=False)
    code = Column(Code(8))
    data = Column(MutableDict.as_mutable(JSONB))
    plain = Column(JSON().with_variant(JSONB(), "postgresql"))
    words = Column(ARRAY(CITEXT()))
    ip = Column(INET)
    search = Column(TSVECTOR, Computed("to_tsvector('simple', code)"))
    price = Column(Numeric(10, 2))
    color = Column(Enum(Color))
    size = Column(Enum("s", "m", "l", native_enum=False))
    lasts = Column(Interval)
    blob = Column(LargeBinary)
    odd = Column(make_type())
`,
    });
    const thing = models.get("Thing");
    assert.deepEqual(columns(thing), [
      "id bigint not null",
      "key uuid not null",
      "code varchar(8)",
      "data jsonb",
      "plain jsonb",
      "words citext[]",
      "ip inet",
      "search tsvector",
      "price numeric(10, 2)",
      "color color",
      "size varchar(1)",
      "lasts interval",
      "blob bytea",
      "odd null",
    ]);
    assert.deepEqual(thing?.fields.find(({ name }) => name === "color")?.type.values, ["RED", "BLUE"]);
    assert.deepEqual(
      thing?.fields.filter(({ generated }) => generated).map(({ name }) => name),
      ["id", "search"],
    );
    assert.deepEqual(
      thing?.gaps.map(({ what }) => what),
      ["field odd"],
      "C08",
    );
    assert.equal(thing?.confidence, "partial");
  });

  it("C01 reads joined inheritance, imperative tables, link tables and Index outside of the class", async () => {
    const models = await modelsOf({
      "models.py": `
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, desc, func
from sqlalchemy.orm import Mapped, mapped_column, registry, relationship

mapper_registry = registry()
Base = mapper_registry.generate_base()

class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    by_name = Index("ix_people_name", func.lower(name), desc("kind"))
    friends: Mapped[list["Person"]] = relationship(secondary="friendships", primaryjoin="Person.id == friendships.c.a", secondaryjoin="Person.id == friendships.c.b")

class Engineer(Person):
    __tablename__ = "engineers"
    id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    language: Mapped[str | None]

friendships = Table("friendships", Base.metadata, Column("a", ForeignKey(Person.id)), Column("b", ForeignKey("people.id")), extend_existing=True)

class Car(Base):
    __table__ = Table("cars", Base.metadata, Column("plate", String(10), primary_key=True), Column("owner", Integer, ForeignKey("people.id")))
`,
    });
    assert.deepEqual(columns(models.get("Engineer")), ["id integer not null", "language varchar"]);
    assert.equal(models.get("Engineer")?.proxyOf, null);
    assert.deepEqual(
      models.get("Engineer")?.relations.map(({ kind, target }) => [kind, target]),
      [["one-to-one", "models.Person"]],
    );
    assert.equal(
      models.get("Engineer")?.fields[0]?.generated,
      false,
      "a key that refers is not filled by a sequence",
    );
    assert.deepEqual(columns(models.get("Car")), ["plate varchar(10) not null", "owner integer"]);
    assert.deepEqual(columns(models.get("friendships")), ["a integer", "b integer"]);
    const friends = models.get("Person")?.relations.find(({ name }) => name === "friends");
    assert.deepEqual([friends?.kind, friends?.through], ["many-to-many", "friendships"]);
    const index = models.get("Person")?.indexes.find(({ name }) => name === "ix_people_name");
    assert.deepEqual(
      index?.columns.map(({ column, expression, order }) => [column, expression, order]),
      [
        [null, "lower(name)", "asc"],
        ["kind", null, "desc"],
      ],
    );
  });

  it("C08 says of a table name that is computed, and of a target outside of the workspace", async () => {
    const models = await modelsOf({
      "models.py": `
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, relationship
Base = declarative_base()

class A(Base):
    __tablename__ = PREFIX + "a"
    id = Column(Integer, primary_key=True)
    b_id = Column(Integer, ForeignKey("elsewhere.id"))
    b = relationship("Elsewhere")
`,
    });
    const model = models.get("A");
    assert.equal(model?.table, null);
    assert.ok(model?.gaps.some(({ why }) => /computed/.test(why)));
    assert.ok(model?.gaps.some(({ why }) => /Elsewhere is not a model/.test(why)));
  });

  it("C06 finds queries of sessions, of select and of Flask-SQLAlchemy, and none of another library", async () => {
    const { queries } = await readFiles(sqlalchemyStack, {
      "models.py": `
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)

    @classmethod
    def newest(cls):
        return cls.query.order_by(cls.id.desc()).first()
`,
      "views.py": `
import models
from sqlalchemy import exists, select, func
from models import User, db
from other import Thing

def all_of_it(session):
    session.query(User.id, func.count(User.id)).group_by(User.id).all()
    session.execute(select(models.User).where(exists().where(User.id == 1)))
    User.query.filter_by(id=1).delete()
    db.session.get(User, 1)
    Thing.query.get(1)
    requests.get(User)
`,
    });
    assert.deepEqual(
      queries.map(({ name, operation, within }) => `${within}: ${operation} ${name}`),
      [
        "User.newest: select User.order_by.first",
        "all_of_it: select User.query.group_by.all",
        "all_of_it: select User.select.where",
        "all_of_it: delete User.filter_by.delete",
        "all_of_it: select User.get",
      ],
    );
  });

  it("C01 leaves tests, pydantic models and plain classes alone", async () => {
    const models = await modelsOf({
      "tests/test_models.py":
        "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\nclass T(Base):\n    __tablename__ = 't'\n",
      "schemas.py": "from pydantic import BaseModel\nclass Book(BaseModel):\n    id: int\n# sqlalchemy\n",
    });
    assert.equal(models.size, 0);
  });
});
