import { forwardRef, Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { Coupon } from "./coupon.entity";
import { CouponsController } from "./coupons.controller";
import { ReportsModule } from "./reports.module";

@Module({
  imports: [TypeOrmModule.forFeature([Coupon]), forwardRef(() => ReportsModule)],
  controllers: [CouponsController],
})
export class AdminModule {}
