import { Injectable } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";
import type { CreateBookDto, SearchDto, UpdateBookDto } from "./dto/book.dto";
import { Author } from "./entities/author.entity";
import { Book } from "./entities/book.entity";

@Injectable()
export class CatalogService {
  constructor(
    @InjectRepository(Book) private readonly books: Repository<Book>,
    @InjectRepository(Author) private readonly authors: Repository<Author>,
  ) {}

  search({ q, publisher, page, size }: SearchDto): Promise<[Book[], number]> {
    const query = this.books
      .createQueryBuilder("book")
      .leftJoinAndSelect("book.authors", "author")
      .where("book.listed");
    if (q) query.andWhere("book.title ILIKE :q", { q: `%${q}%` });
    if (publisher) query.andWhere({ publisherId: publisher });
    return query.skip((page - 1) * size).take(size).getManyAndCount();
  }

  find(id: string): Promise<Book> {
    return this.books.findOneOrFail({ where: { id }, relations: { authors: true, publisher: true } });
  }

  create(book: CreateBookDto): Promise<Book> {
    return this.books.save(this.books.create(book));
  }

  async change(id: string, book: UpdateBookDto): Promise<Book> {
    await this.books.update(id, book);
    return this.find(id);
  }

  author(slug: string): Promise<Author> {
    return this.authors.findOneByOrFail({ slug });
  }

  remove(id: string) {
    return this.books.delete(id);
  }
}
