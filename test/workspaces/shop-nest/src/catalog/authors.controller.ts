import { Controller, Get, Param } from "@nestjs/common";
import { Public } from "../auth/public.decorator";
import { CatalogService } from "./catalog.service";

@Public()
@Controller({ path: ["authors", "writers"], version: ["1", "2"] })
export class AuthorsController {
  constructor(private readonly catalog: CatalogService) {}

  @Get(":slug")
  show(@Param("slug") slug: string) {
    return this.catalog.author(slug);
  }
}
