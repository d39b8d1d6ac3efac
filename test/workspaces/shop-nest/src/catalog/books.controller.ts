import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Query } from "@nestjs/common";
import { Public } from "../auth/public.decorator";
import { Staff } from "../auth/roles.decorator";
import { Role } from "../members/entities/member.entity";
import { CatalogService } from "./catalog.service";
import { CreateBookDto, PriceDto, SearchDto, UpdateBookDto } from "./dto/book.dto";
import { Book } from "./entities/book.entity";

@Controller("books")
export class BooksController {
  constructor(private readonly catalog: CatalogService) {}

  @Public()
  @Get()
  search(@Query() query: SearchDto) {
    return this.catalog.search(query);
  }

  @Public()
  @Get(":id")
  find(@Param("id", ParseUUIDPipe) id: string): Promise<Book> {
    return this.catalog.find(id);
  }

  @Staff(Role.Clerk, Role.Manager)
  @Post()
  create(@Body() book: CreateBookDto): Promise<Book> {
    return this.catalog.create(book);
  }

  @Staff(Role.Clerk, Role.Manager)
  @Patch(":id")
  change(@Param("id", ParseUUIDPipe) id: string, @Body() book: UpdateBookDto): Promise<Book> {
    return this.catalog.change(id, book);
  }

  @Staff(Role.Manager)
  @Put([":id/price", ":id/prices"])
  price(@Param("id", ParseUUIDPipe) id: string, @Body() price: PriceDto): Promise<Book> {
    return this.catalog.change(id, price);
  }

  @Staff(Role.Manager)
  @Delete(":id")
  remove(@Param("id", ParseUUIDPipe) id: string) {
    return this.catalog.remove(id);
  }
}
