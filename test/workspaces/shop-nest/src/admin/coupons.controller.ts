import { Controller, UseGuards } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";
import { CrudController } from "@common/crud.controller";
import { RolesGuard } from "../auth/roles.guard";
import { Coupon } from "./coupon.entity";

@Controller("coupons")
@UseGuards(RolesGuard)
export class CouponsController extends CrudController<Coupon> {
  constructor(@InjectRepository(Coupon) protected readonly rows: Repository<Coupon>) {
    super();
  }
}
