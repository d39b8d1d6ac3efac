import { MigrationInterface, QueryRunner, Table, TableForeignKey, TableIndex } from "typeorm";

export class CreateCatalog1726473120000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS "uuid-ossp"`);
    await queryRunner.createTable(
      new Table({
        name: "publishers",
        columns: [
          { name: "id", type: "int", isPrimary: true, isGenerated: true, generationStrategy: "increment" },
          { name: "name", type: "varchar", length: "160" },
          { name: "addressStreet", type: "varchar", length: "120" },
        ],
      }),
    );
    await queryRunner.query(
      `CREATE TABLE "books" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "isbn" character(13) NOT NULL, "title" varchar(200) NOT NULL, "publisherId" integer NOT NULL, CONSTRAINT "PK_books" PRIMARY KEY ("id"))`,
    );
    await queryRunner.createForeignKey(
      "books",
      new TableForeignKey({
        columnNames: ["publisherId"],
        referencedTableName: "publishers",
        referencedColumnNames: ["id"],
        onDelete: "RESTRICT",
      }),
    );
    await queryRunner.createIndex("books", new TableIndex({ name: "books_title", columnNames: ["title"] }));
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex("books", "books_title");
    await queryRunner.dropTable("books");
    await queryRunner.dropTable("publishers");
  }
}
