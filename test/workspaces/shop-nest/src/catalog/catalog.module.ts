import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { AuthorsController } from "./authors.controller";
import { BooksController } from "./books.controller";
import { CatalogService } from "./catalog.service";
import { Author } from "./entities/author.entity";
import { Book } from "./entities/book.entity";
import { Publisher } from "./entities/publisher.entity";
import { Shelf } from "./entities/shelf.entity";

const entities = [Author, Book, Publisher, Shelf];
const controllers = [AuthorsController, BooksController];

@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  controllers: [...controllers],
  providers: [CatalogService],
})
export class CatalogModule {}
