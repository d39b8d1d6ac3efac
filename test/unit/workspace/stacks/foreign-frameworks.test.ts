import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { WorkspaceIndex } from "../../../../src/workspace/index/workspace-index.ts";
import { openMemoryDisk } from "../index/disk.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";

/** Frameworks that no stack reads and that look like one that is read, as small projects. */
const FOREIGN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "MikroORM, like TypeORM": {
    "package.json": '{"name":"shop","dependencies":{"@mikro-orm/core":"6.0.0"}}',
    "src/user.ts": `import { Collection, Entity, ManyToOne, OneToMany, PrimaryKey, Property } from "@mikro-orm/core";
@Entity({ tableName: "users" })
export class User {
  @PrimaryKey() id!: number;
  @Property() name!: string;
  @OneToMany(() => Post, (post) => post.author) posts = new Collection<Post>(this);
}
@Entity()
export class Post {
  @PrimaryKey() id!: number;
  @ManyToOne(() => User) author!: User;
}
export const all = (em: EntityManager) => em.getRepository(User).findOne({ id: 1 });
`,
  },
  "routing-controllers, like NestJS": {
    "package.json": '{"name":"api","dependencies":{"routing-controllers":"0.10.4"}}',
    "src/users.ts": `import { Body, Controller, Get, Param, Post } from "routing-controllers";
@Controller("/users")
export class UserController {
  @Get("/") all() { return []; }
  @Post("/") add(@Body() user: User) { return user; }
  @Get("/:id") one(@Param("id") id: string) { return id; }
}
`,
  },
  "sequelize-typescript, like TypeORM and Mongoose": {
    "package.json": '{"name":"people","dependencies":{"sequelize-typescript":"2.1.6"}}',
    "src/person.ts": `import { Column, HasMany, Model, Table } from "sequelize-typescript";
@Table
export class Person extends Model { @Column name!: string; @HasMany(() => Hobby) hobbies!: Hobby[]; }
@Table
export class Hobby extends Model { @Column name!: string; }
export const first = () => Person.findOne({ where: { name: "a" } });
export const byId = () => Person.findById(3);
`,
  },
  "Polka and Restify, like Express": {
    "package.json": '{"name":"web","dependencies":{"polka":"0.5.2","restify":"11.1.0"}}',
    "src/polka.ts": `import polka from "polka";
const app = polka();
app.get("/users/:id", (req, res) => { res.end("x"); });
`,
    "src/restify.ts": `import restify from "restify";
const server = restify.createServer();
server.get("/users/:id", (req, res, next) => { res.send("x"); next(); });
`,
  },
  "names of decorators that the project itself declares": {
    "package.json": '{"name":"own"}',
    "src/own.ts": `function Entity(): ClassDecorator { return () => {}; }
function Column(): PropertyDecorator { return () => {}; }
@Entity() export class Order { @Column() total: number; }
export const found = (db: Store) => db.order.findMany({ where: { total: 1 } });
`,
  },
  "Peewee and Tortoise, like Django and Aksara": {
    "peewee_app.py": `from peewee import CharField, ForeignKeyField, Model, SqliteDatabase
db = SqliteDatabase("x.db")
class BaseModel(Model):
    class Meta:
        database = db
class User(BaseModel):
    username = CharField(unique=True)
class Tweet(BaseModel):
    user = ForeignKeyField(User, backref="tweets")
def found():
    return User.select().where(User.username == "a")
`,
    "tortoise_app/models.py": `from tortoise import fields
from tortoise.models import Model
class Event(Model):
    name = fields.CharField(max_length=255)
    tournament = fields.ForeignKeyField("models.Tournament", related_name="events")
`,
  },
  "Odoo, like Django": {
    "partner/models.py": `from odoo import api, fields, models
class Partner(models.Model):
    _name = "res.partner"
    name = fields.Char(required=True)
    parent_id = fields.Many2one("res.partner")
`,
  },
  "Sanic and Bottle, like Flask and FastAPI": {
    "sanic_app.py": `from sanic import Blueprint, Sanic
app = Sanic("x")
bp = Blueprint("b", url_prefix="/b")
@bp.get("/things")
async def things(request):
    return 1
app.blueprint(bp)
`,
    "bottle_app.py": `from bottle import Bottle
app = Bottle()
@app.route("/hello")
def hello():
    return "x"
`,
  },
};

const TYPEORM: Readonly<Record<string, string>> = {
  "package.json": '{"name":"orders","dependencies":{"typeorm":"0.3.20"}}',
  "src/order.ts": `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity()
export class Order { @PrimaryGeneratedColumn() id: number; @Column() total: number; }
`,
};

async function read(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const disk = await openMemoryDisk();
  for (const [uri, text] of Object.entries(files)) disk.write(uri, text);
  const index = new WorkspaceIndex({
    roots: [{ name: "workspace", path: disk.root }],
    assets: TEST_ASSETS,
    fileSystem: disk.fileSystem,
  });
  const catalog = await index.catalog();
  await index.dispose();
  await disk.dispose();
  return [...catalog.objects()].map(({ id, stack, uri }) => `${stack} ${id} ${uri}`);
}

function below(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([uri, text]) => [`${folder}/${uri}`, text]));
}

describe("Frameworks that are not read", () => {
  for (const [what, files] of Object.entries(FOREIGN)) {
    it(`C08 no stack takes for its own: ${what}`, async () => {
      assert.deepEqual(await read(files), []);
    });
  }

  it("C08 beside one that is read, each in a project of its own, leave it alone", async () => {
    const others = Object.values(FOREIGN).map((files, at) => below(`packages/other${at}`, files));
    const files = Object.assign({}, below("packages/orders", TYPEORM), ...others);
    const found = await read(files);
    assert.ok(found.length > 0);
    for (const each of found) assert.match(each, /^typeorm .* packages\/orders\//);
  });

  it("C08 of the same project leave alone what is declared with one that is read", async () => {
    const mikro = FOREIGN["MikroORM, like TypeORM"] ?? {};
    const found = await read({ ...mikro, ...TYPEORM });
    assert.deepEqual(
      found.map((each) => each.split(" ").at(-1)),
      ["src/order.ts"],
    );
  });
});
