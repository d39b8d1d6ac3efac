import assert from "node:assert/strict";
import { mergeContributions } from "../../../../../src/workspace/merge.ts";
import { sqlStack } from "../../../../../src/workspace/stacks/sql/stack.ts";
import { typeormStack } from "../../../../../src/workspace/stacks/typeorm/typeorm.ts";
import { readStack, type Texts } from "../../read-stack.ts";

const ENTITIES: Texts = {
  "src/entities.ts": `
import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn } from "typeorm";
@Entity("books") export class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Author, (author) => author.books) author: Author;
}
@Entity("authors") export class Author {
  @PrimaryGeneratedColumn() id: number;
  @OneToMany(() => Book, (book) => book.author) books: Book[];
}
`,
};

describe("typeormStack: queries", () => {
  const { queries, uses } = readStack(typeormStack, {
    ...ENTITIES,
    "src/book.service.ts": `
import { InjectRepository } from "@nestjs/typeorm";
import { DataSource, Repository } from "typeorm";
import { Author, Book } from "./entities";
import { AuthorRepository } from "./author.repository";

export class BookService {
  constructor(
    @InjectRepository(Book) private readonly books: Repository<Book>,
    private readonly authors: AuthorRepository,
    private readonly dataSource: DataSource,
  ) {}
  list(where) {
    return this.books.find({ where, relations: { author: true } });
  }
  search(text: string) {
    return this.books.createQueryBuilder("book").leftJoinAndSelect("book.author", "author")
      .where("book.title LIKE :text", { text }).getMany();
  }
  async move(id: number) {
    await this.authors.update(id, { name: "x" });
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(Book, { id });
      await this.dataSource.getRepository(Author).findOneBy({ id });
    });
    return this.dataSource.createQueryBuilder().update(Book).set({ title: "" }).execute();
  }
  other(items: Map<string, Book>) {
    return [items.delete("a"), [1, 2].find((n) => n > 1)];
  }
}
`,
    "src/author.repository.ts": `
import { Repository } from "typeorm";
import { Author } from "./entities";
export class AuthorRepository extends Repository<Author> {
  first() { return this.findOne({ where: { id: 1 } }); }
}
`,
  });

  it("C06 leads calls of repositories, managers and query builders to their entities", () => {
    assert.deepEqual(
      queries.map(
        ({ within, name, operation, tables, approximate }) =>
          `${within}: ${name} ${operation} ${tables} ${approximate}`,
      ),
      [
        "AuthorRepository.first: Author.findOne select authors null",
        "BookService.list: Book.find select books,authors `where` is not written out",
        "BookService.search: Book.createQueryBuilder select books,authors null",
        "BookService.move: Author.update update authors null",
        "BookService.move: Book.delete delete books null",
        "BookService.move: Author.findOneBy select authors null",
        "BookService.move: Book.createQueryBuilder update books null",
      ],
    );
    assert.ok(queries.every(({ form, sql }) => form === "orm" && sql === null));
  });

  it("C06 counts names of entities as uses, with the function they stand in", () => {
    const inService = uses.filter(
      ({ uri, modelId }) => uri === "src/book.service.ts" && modelId.endsWith("Author"),
    );
    assert.deepEqual(inService.map(({ within, range }) => `${within} ${range.start.line + 1}`).sort(), [
      "BookService.move 21",
      "BookService.move 24",
    ]);
  });
});

describe("typeormStack: migrations", () => {
  const texts: Texts = {
    ...ENTITIES,
    "src/data-source.ts": `import { DataSource } from "typeorm"; export default new DataSource({ type: "postgres" });`,
    "src/migrations/1700000000000-Init.ts": `
import { MigrationInterface, QueryRunner, Table, TableIndex } from "typeorm";
export class Init1700000000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(new Table({
      name: "authors",
      columns: [
        { name: "id", type: "int", isPrimary: true, isGenerated: true, generationStrategy: "increment" },
        { name: "name", type: "varchar", length: "200", isNullable: true, default: "'?'" },
      ],
    }), true);
    await queryRunner.query(\`CREATE TABLE "books" ("id" SERIAL PRIMARY KEY, "title" text NOT NULL)\`);
    await queryRunner.createIndex("books", new TableIndex({ name: "books_title", columnNames: ["title"] }));
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex("books", "books_title");
    await queryRunner.query(\`DROP TABLE "books"\`);
    await queryRunner.dropTable("authors");
  }
}
`,
    "src/migrations/1700000000001-Fill.ts": `
import { MigrationInterface, QueryRunner } from "typeorm";
export class Fill1700000000001 implements MigrationInterface {
  name = "Fill1700000000001";
  transaction = false;
  async up(queryRunner: QueryRunner) {
    await this.addNote(queryRunner);
    await queryRunner.query(\`UPDATE books SET note = '\${note}'\`);
    await queryRunner.manager.save(Book, { title: "x" });
  }
  async addNote(runner: QueryRunner) {
    await runner.query('ALTER TABLE "books" ADD "note" text');
  }
  async down(): Promise<void> {}
}
`,
  };
  const { migrations } = readStack(typeormStack, texts);

  it("C01 reads SQL and the calls of the query runner, with the way back", () => {
    const [init] = migrations;
    assert.deepEqual(
      init?.operations.map(({ name, summary, table, model, columns, reverseSql }) => [
        name,
        summary,
        table,
        model,
        columns.join(),
        reverseSql?.join(),
      ]),
      [
        ["createTable", "Create table authors", "authors", "Author", "id,name", 'DROP TABLE "authors"'],
        ["CREATE TABLE", "Create table books", "books", "Book", "id,title", 'DROP TABLE "books"'],
        [
          "createIndex",
          "Create index books_title on books (title)",
          "books",
          "Book",
          "title",
          'DROP INDEX "books_title"',
        ],
      ],
    );
    assert.deepEqual(init?.operations[0]?.sql, [
      'CREATE TABLE "authors" ("id" SERIAL NOT NULL, "name" varchar(200) DEFAULT \'?\', CONSTRAINT "PK_d2ed02fabd9b52847ccb85e6b88" PRIMARY KEY ("id"))',
    ]);
    assert.deepEqual([init?.reversible, init?.transactional, init?.confidence], [true, true, "certain"]);
    assert.deepEqual(init?.modelIds, ["model:typeorm:Author", "model:typeorm:Book"]);
  });

  it("C01 follows a step into a method, and C08 says which steps are not told by the source", () => {
    const fill = migrations[1];
    assert.deepEqual(fill?.dependencies, ["migration:typeorm:src/migrations#Init1700000000000"]);
    assert.deepEqual(
      [fill?.name, fill?.transactional, fill?.reversible, fill?.confidence],
      ["Fill1700000000001", false, false, "partial"],
    );
    assert.deepEqual(
      fill?.operations.map(({ name, sql, reversible }) => [name, sql, reversible]),
      [
        ["ALTER TABLE … ADD COLUMN", ['ALTER TABLE "books" ADD "note" text'], false],
        ["UPDATE", ["UPDATE books SET note = '${note}'"], false],
        ["queryRunner.manager.save", null, false],
      ],
    );
    assert.deepEqual(
      fill?.gaps.map(({ what, why }) => `${what}: ${why}`),
      [
        "query in line 8: the SQL is put together with `note`",
        "queryRunner.manager.save in line 9: the statements it becomes are not told by the source",
      ],
    );
  });

  it("C06 does not tell the steps of a migration again as queries", () => {
    const parts = [readStack(typeormStack, texts), readStack(sqlStack, texts)];
    assert.ok(parts[1]?.queries.some(({ uri }) => uri.includes("migrations")));
    const merged = mergeContributions(parts);
    assert.deepEqual(
      merged.queries.filter(({ uri }) => uri.includes("migrations")),
      [],
    );
  });
});
