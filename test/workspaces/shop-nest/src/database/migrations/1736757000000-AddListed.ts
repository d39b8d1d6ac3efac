import { MigrationInterface, QueryRunner } from "typeorm";

export class AddListed1736757000000 implements MigrationInterface {
  name = "AddListed1736757000000";

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "books" ADD "listed" boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`UPDATE "books" SET "listed" = true`);
    await queryRunner.query(`DROP INDEX "books_title"`);
    await queryRunner.query(`CREATE INDEX "books_listed" ON "books" ("title") WHERE "listed"`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "books_listed"`);
    await queryRunner.query(`CREATE INDEX "books_title" ON "books" ("title")`);
    await queryRunner.query(`ALTER TABLE "books" DROP COLUMN "listed"`);
  }
}
