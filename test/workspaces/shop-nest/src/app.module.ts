import { Module } from "@nestjs/common";
import { APP_GUARD, RouterModule } from "@nestjs/core";
import { ThrottlerGuard, ThrottlerModule } from "@nestjs/throttler";
import { TypeOrmModule } from "@nestjs/typeorm";
import { AdminModule } from "./admin/admin.module";
import { ReportsModule } from "./admin/reports.module";
import { AuthModule } from "./auth/auth.module";
import { JwtAuthGuard } from "./auth/jwt-auth.guard";
import { CatalogModule } from "./catalog/catalog.module";
import { options } from "./database/data-source";
import { HealthController } from "./health/health.controller";
import { OrdersModule } from "./orders/orders.module";

@Module({
  imports: [
    TypeOrmModule.forRoot(options),
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 100 }]),
    AuthModule,
    CatalogModule,
    OrdersModule,
    AdminModule,
    RouterModule.register([
      { path: "admin", module: AdminModule, children: [{ path: "reports", module: ReportsModule }] },
    ]),
  ],
  controllers: [HealthController],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: JwtAuthGuard },
  ],
})
export class AppModule {}
