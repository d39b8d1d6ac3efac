import { Controller, Get, Query } from "@nestjs/common";
import { DataSource } from "typeorm";
import { Staff } from "../auth/roles.decorator";
import { Role } from "../members/entities/member.entity";

@Staff(Role.Manager)
@Controller()
export class ReportsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get("sales")
  sales(@Query("sort") sort = "total") {
    return this.dataSource.query(`SELECT "bookId", sum("unitPrice" * quantity) AS total FROM order_lines GROUP BY "bookId" ORDER BY ${sort}`);
  }

  @Get("members")
  members() {
    return this.dataSource.query(`SELECT role, count(*) FROM members GROUP BY role`);
  }
}
