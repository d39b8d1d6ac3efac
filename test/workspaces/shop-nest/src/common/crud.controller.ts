import { Body, Delete, Get, Param, Post } from "@nestjs/common";
import type { DeepPartial, ObjectLiteral, Repository } from "typeorm";
import { Roles } from "../auth/roles.decorator";
import { Role } from "../members/entities/member.entity";

/** Lists, makes and removes rows of one entity. */
export abstract class CrudController<T extends ObjectLiteral> {
  protected abstract readonly rows: Repository<T>;

  @Get()
  list(): Promise<T[]> {
    return this.rows.find({ take: 200 });
  }

  @Roles(Role.Manager)
  @Post()
  create(@Body() row: DeepPartial<T>): Promise<T> {
    return this.rows.save(row);
  }

  @Delete(":id")
  remove(@Param("id") id: string) {
    return this.rows.softDelete(id);
  }
}
