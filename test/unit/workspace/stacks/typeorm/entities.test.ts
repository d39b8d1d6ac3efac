import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { typeormStack } from "../../../../../src/workspace/stacks/typeorm/typeorm.ts";
import { readStack, type Texts } from "../../read-stack.ts";

/** What TypeORM 0.3 makes of these entities (`DataSource.buildMetadatas`) was compared with what is expected here. */
const LIBRARY: Texts = {
  "src/data-source.ts": `
import { DataSource } from "typeorm";
export const source = new DataSource({ type: "postgres", url: process.env.DATABASE_URL });
`,
  "src/base.ts": `
import { CreateDateColumn, DeleteDateColumn, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from "typeorm";
export abstract class Base {
  @PrimaryGeneratedColumn("uuid") id: string;
  @CreateDateColumn({ type: "timestamptz" }) createdAt: Date;
  @UpdateDateColumn() updatedAt: Date;
}
export abstract class Kept extends Base {
  @DeleteDateColumn() deletedAt?: Date;
  @VersionColumn() version: number;
}
`,
  "src/name.ts": `
import { Column } from "typeorm";
export class Name {
  @Column() first: string;
  @Column({ type: "varchar", name: "family", length: 80, nullable: true }) last: string | null;
}
`,
  "src/member.entity.ts": `
import { Check, Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToMany, OneToOne, Unique } from "typeorm";
import { Kept } from "./base";
import { Name } from "./name";
import { Book, Loan } from "./book.entity";
import type { Card } from "./card.entity";

export enum Role { Reader = "reader", Librarian = "librarian" }

/** Somebody who borrows. */
@Entity({ name: "members", orderBy: { createdAt: "DESC" } })
@Index("members_role_active", ["role", "active"], { where: '"active" = true' })
@Unique(["email", "role"])
@Check("members_score", '"score" >= 0')
export class Member extends Kept {
  @Column(() => Name) name: Name;
  @Column({ unique: true }) email: string;
  @Column({ type: "enum", enum: Role, default: Role.Reader }) role: Role;
  @Column({ default: true }) active: boolean;
  @Column("int", { default: -1 }) score: number;
  @Column({ type: "numeric", precision: 10, scale: 2, nullable: true }) debt: string | null;
  @Column("simple-array") tags: string[];
  @Column("text", { array: true, default: () => "'{}'" }) notes: string[];
  @Index() @Column({ type: "varchar", length: 20, nullable: true }) phone?: string;
  @Column({ nullable: true }) sponsorId: string | null;
  @ManyToOne(() => Member, { onDelete: "SET NULL", nullable: true }) sponsor: Member | null;
  @OneToMany(() => Loan, (loan) => loan.member) loans: Loan[];
  @OneToOne("Card", "holder") card: Card;
  @ManyToMany(() => Book, (book) => book.fans) @JoinTable() favourites: Book[];
}
`,
  "src/card.entity.ts": `
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from "typeorm";
import { Member } from "./member.entity";
@Entity({ schema: "desk" })
export class Card {
  @PrimaryColumn() number: number;
  @OneToOne(() => Member, (member) => member.card, { onDelete: "CASCADE", nullable: false })
  @JoinColumn({ name: "holder" })
  holder: Member;
  @Column() printedAt: Date;
}
`,
  "src/book.entity.ts": `
import { ChildEntity, Column, Entity, ManyToMany, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn, TableInheritance, Tree, TreeChildren, TreeParent } from "typeorm";
import { Member } from "./member.entity";
@Entity()
@TableInheritance({ column: { type: "varchar", name: "kind" } })
export class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToMany(() => Member, (member) => member.favourites) fans: Member[];
}
@ChildEntity()
export class AudioBook extends Book { @Column() minutes: number; }
@Entity()
export class Loan {
  @PrimaryColumn() memberId: string;
  @PrimaryColumn() bookId: number;
  @ManyToOne(() => Member, (member) => member.loans, { onDelete: "CASCADE" }) member: Member;
  @ManyToOne(() => Book) book: Book;
}
@Entity()
@Tree("materialized-path")
export class Shelf {
  @PrimaryGeneratedColumn() id: number;
  @TreeChildren() children: Shelf[];
  @TreeParent() parent: Shelf;
}
`,
};

const found = readStack(typeormStack, LIBRARY);

function model(name: string): Model {
  const model = found.models.find((candidate) => candidate.name === name);
  assert.ok(model, name);
  return model;
}

function columns(name: string): readonly string[] {
  return model(name).fields.map(
    ({ name, column, type, nullable, primaryKey, default: value, generated, inheritedFrom }) =>
      `${name} ${column} ${type.native} ${nullable ? "null" : "not null"}${primaryKey ? " key" : ""}${generated ? " generated" : ""}${value ? ` ${value.kind} ${value.text}` : ""}${inheritedFrom ? ` of ${inheritedFrom}` : ""}`,
  );
}

function indexes(name: string): readonly string[] {
  return model(name).indexes.map(
    ({ name, columns, unique, predicate, origin }) =>
      `${name} ${columns.map(({ column }) => column)}${unique ? " unique" : ""}${predicate ? ` where ${predicate}` : ""} ${origin}`,
  );
}

describe("typeormStack: entities", () => {
  it("C01 reads columns with types from options and annotations, bases and embedded objects", () => {
    assert.deepEqual(columns("Member"), [
      "id id uuid not null key generated database uuid_generate_v4() of Base",
      "createdAt createdAt timestamp with time zone not null database now() of Base",
      "updatedAt updatedAt timestamp not null database now() of Base",
      "deletedAt deletedAt timestamp null of Kept",
      "version version integer not null of Kept",
      "name.first nameFirst varchar not null",
      "name.last nameFamily varchar(80) null",
      "email email varchar not null",
      'role role members_role_enum not null literal "reader"',
      "active active boolean not null literal true",
      "score score integer not null literal -1",
      "debt debt numeric(10,2) null",
      "tags tags text not null",
      "notes notes text[] not null database '{}'",
      "phone phone varchar(20) null",
      "sponsorId sponsorId uuid null",
    ]);
    assert.deepEqual(model("Member").fields.find(({ name }) => name === "role")?.type.values, [
      "reader",
      "librarian",
    ]);
    assert.deepEqual(columns("Card"), [
      "number number integer not null key",
      "printedAt printedAt timestamp not null",
      "holder holder uuid not null",
    ]);
    assert.deepEqual(model("Member").ordering, ["-createdAt"]);
    assert.equal(model("Member").documentation, "Somebody who borrows.");
  });

  it("C01 gives tables the names of the naming strategy, and entities of one table their parent", () => {
    assert.deepEqual(found.models.map(({ name, table, proxyOf }) => `${name} ${table} ${proxyOf}`).sort(), [
      "AudioBook book Book",
      "Book book null",
      "Card desk.card null",
      "Loan loan null",
      "Member members null",
      "Shelf shelf null",
    ]);
    assert.deepEqual(columns("AudioBook"), [
      "id id integer not null key generated of Book",
      "title title varchar not null of Book",
      "minutes minutes integer null",
      "kind kind varchar not null",
    ]);
    assert.deepEqual(columns("Book"), [
      "id id integer not null key generated",
      "title title varchar not null",
      "kind kind varchar not null",
      "minutes minutes integer null",
    ]);
    assert.deepEqual(columns("Shelf"), [
      "id id integer not null key generated",
      "mpath mpath varchar null",
      "parent parentId integer null",
    ]);
  });

  it("C01 reads indexes and constraints with the names TypeORM makes up", () => {
    assert.deepEqual(indexes("Member"), [
      "PK_28b53062261b996d9c99fa12404 id unique primary-key",
      "UQ_2714af51e3f7dd42cf66eeb08d6 email unique field",
      "IDX_090c60f7851c98387ce3e1995e phone declared",
      'members_role_active role,active where "active" = true declared',
      "UQ_f3646775d0f0179f1cfc04c6541 email,role unique unique",
    ]);
    assert.deepEqual(
      model("Card").constraints.map(({ kind, name, columns }) => `${kind} ${name} ${columns}`),
      [
        "primary-key PK_59e0ec91c0cc35060bb0da876f6 number",
        "foreign-key FK_cd783e68aa919c353436d61914a holder",
        "unique REL_cd783e68aa919c353436d61914 holder",
      ],
    );
  });

  it("C01 joins relations of both sides, with join tables", () => {
    const rows = (name: string) =>
      model(name).relations.map(
        ({ name, kind, direction, target, columns, targetColumns, through, onDelete, inverse }) =>
          `${name} ${kind} ${direction} ${target} ${columns}>${targetColumns} ${through} ${onDelete} ${inverse}`,
      );
    assert.deepEqual(rows("Member"), [
      "sponsor many-to-one forward Member sponsorId>id null set-null null",
      "loans one-to-many reverse Loan >memberId null null member",
      "card one-to-one reverse desk.Card >holder null null holder",
      "favourites many-to-many forward Book > members_favourites_book cascade fans",
    ]);
    assert.deepEqual(rows("Book"), [
      "fans many-to-many reverse Member > members_favourites_book cascade favourites",
    ]);
    assert.deepEqual(rows("Shelf"), [
      "children one-to-many reverse Shelf >parentId null null parent",
      "parent many-to-one forward Shelf parentId>id null no-action children",
    ]);
  });

  it("C01 reads an EntitySchema with shared columns, and the snake_case strategy on MySQL", () => {
    const { models } = readStack(typeormStack, {
      "source.ts": `import { DataSource } from "typeorm";
import { SnakeNamingStrategy } from "typeorm-naming-strategies";
export default new DataSource({ type: "mysql", namingStrategy: new SnakeNamingStrategy() });`,
      "parts.ts": `export const Dates = { createdAt: { type: "timestamp", createDate: true } } as const;
export const Id = { type: String, length: 21 } as const;`,
      "flow.ts": `import { EntitySchema } from "typeorm";
import { Dates, Id } from "./parts";
export const FlowEntity = new EntitySchema<Flow>({
  name: "flowRun",
  columns: { id: { ...Id, primary: true }, projectId: Id, ...Dates, isDone: { type: Boolean, default: false } },
  indices: [{ name: "idx_flow_project", columns: ["projectId", "createdAt"], unique: true }],
  relations: {
    project: { type: "many-to-one", target: "project", onDelete: "CASCADE", joinColumn: { name: "project_id", foreignKeyConstraintName: "fk_flow_project" } },
  },
});
export const ProjectEntity = new EntitySchema({
  name: "project", columns: { id: { ...Id, primary: true } },
  relations: { runs: { type: "one-to-many", target: "flowRun", inverseSide: "project" } },
});`,
    });
    const [flow, project] = models;
    assert.deepEqual(
      [flow?.table, ...(flow?.fields ?? []).map(({ column, type }) => `${column} ${type.native}`)],
      ["flow_run", "id varchar(21)", "project_id varchar(21)", "created_at timestamp(6)", "is_done tinyint"],
    );
    assert.deepEqual(
      flow?.indexes.map(
        ({ name, columns, unique }) => `${name} ${columns.map(({ column }) => column)} ${unique}`,
      ),
      ["null id true", "idx_flow_project project_id,created_at true"],
    );
    assert.deepEqual(
      flow?.relations.map(
        ({ columns, onDelete, inverse, targetId }) => `${columns} ${onDelete} ${inverse} ${targetId}`,
      ),
      ["project_id cascade runs model:typeorm:project"],
    );
    assert.equal(project?.relations[0]?.inverse, "project");
  });

  it("C01 reads columns through decorators that the project makes of TypeORM's, and the last of several", () => {
    const { models } = readStack(typeormStack, {
      "db/column.ts": `import { applyDecorators } from "@nestjs/common";
import { Column, Index } from "typeorm";
export function Money(options = {}) {
  return Column({ type: "numeric", precision: 10, ...options });
}
export const Searched = (type: string) => applyDecorators(Index(), Column(type));
export function Plain(options) { return Column(options); }`,
      "db/a.entity.ts": `import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from "typeorm";
import { Money, Plain, Searched } from "./column";
const TEXT = { type: "text", nullable: true };
@Entity() export class A {
  @PrimaryGeneratedColumn() id: number;
  @Money() price: string;
  @Money({ nullable: true }) offer: string;
  @Searched("citext") title: string;
  @Plain(TEXT) note: string;
  @Column("bigint") @CreateDateColumn() madeAt: Date;
}`,
    });
    assert.deepEqual(
      models[0]?.fields.map(({ column, type, nullable }) => `${column} ${type.native} ${nullable}`),
      [
        "id integer false",
        "price numeric(10) false",
        "offer numeric(10) true",
        "title citext false",
        "note text true",
        "madeAt timestamp false",
      ],
    );
    assert.deepEqual(models[0]?.gaps, []);
  });

  it("C08 says of an entity without a key which decorators of the project may make it", () => {
    const { models } = readStack(typeormStack, {
      "id.ts": `import { Column } from "typeorm";
const found = new Map();
export function Id() { return (entity: object, name: string) => { found.set(entity, name); }; }`,
      "a.ts": `import { Column, Entity } from "typeorm";
import { Id } from "./id";
@Entity() export class A { @Id() id: string; @Column() name: string; }`,
    });
    assert.deepEqual(
      models[0]?.gaps.map(({ what, why }) => `${what}: ${why}`),
      ["primary key: no decorator of TypeORM declares one; columns that `@Id` make at run time are not read"],
    );
  });

  it("C08 says which column has no type that can be told, and which naming strategy is not known", () => {
    const { models } = readStack(typeormStack, {
      "a.ts": `import { Column, DataSource, Entity, PrimaryColumn } from "typeorm";
export const source = new DataSource({ type: "postgres", namingStrategy: new ShoutingStrategy() });
@Entity() export class A { @PrimaryColumn() id: string; @Column() money: Money; }`,
    });
    assert.equal(models[0]?.confidence, "partial");
    assert.deepEqual(
      models[0]?.gaps.map(({ what, why }) => `${what}: ${why}`),
      [
        "names of columns and tables by `ShoutingStrategy`: what this naming strategy does is not known; TypeORM's own names are shown",
        "field `money`: type Money: no type of column is written, and none follows from the annotation",
      ],
    );
  });
});
