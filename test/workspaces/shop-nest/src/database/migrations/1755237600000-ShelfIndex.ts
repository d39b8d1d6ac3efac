import { MigrationInterface, QueryRunner } from "typeorm";

export class ShelfIndex1755237600000 implements MigrationInterface {
  transaction = false;

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX CONCURRENTLY "books_shelf" ON "books" ("shelf_id")`);
  }

  public async down(): Promise<void> {}
}
