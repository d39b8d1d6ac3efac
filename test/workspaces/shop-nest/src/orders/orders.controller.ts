import { Body, Controller, Get, Headers, Param, ParseEnumPipe, Post, Query, UseGuards, Version } from "@nestjs/common";
import { CurrentMember } from "../auth/current-member.decorator";
import { Roles } from "../auth/roles.decorator";
import { RolesGuard } from "../auth/roles.guard";
import { Role } from "../members/entities/member.entity";
import { PlaceOrderDto } from "./dto/order.dto";
import { Order, OrderStatus } from "./entities/order.entity";
import { OrdersService } from "./orders.service";

const ORDERS = "orders";

@Controller(ORDERS)
@UseGuards(RolesGuard)
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  mine(@CurrentMember() member: { sub: string }): Promise<Order[]> {
    return this.orders.mine(member.sub);
  }

  @Version("2")
  @Roles(Role.Clerk)
  @Get("by-status")
  byStatus(@Query("status", new ParseEnumPipe(OrderStatus)) status: OrderStatus): Promise<Order[]> {
    return this.orders.byStatus(status);
  }

  @Post()
  place(
    @CurrentMember() member: { sub: string },
    @Headers("idempotency-key") key: string | undefined,
    @Body() order: PlaceOrderDto,
  ): Promise<Order> {
    return this.orders.place(member.sub, order);
  }

  @Post(":id/cancel")
  cancel(@Param("id") id: string, @CurrentMember() member: { sub: string }) {
    return this.orders.cancel(id, member.sub);
  }
}
