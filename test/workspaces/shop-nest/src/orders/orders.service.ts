import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { Book } from "../catalog/entities/book.entity";
import type { PlaceOrderDto } from "./dto/order.dto";
import { OrderLine } from "./entities/order-line.entity";
import { Order, OrderStatus, WebOrder } from "./entities/order.entity";

@Injectable()
export class OrdersService {
  constructor(private readonly dataSource: DataSource) {}

  mine(memberId: string): Promise<Order[]> {
    return this.dataSource.getRepository(Order).find({ where: { member: { id: memberId } }, order: { createdAt: "DESC" } });
  }

  byStatus(status: OrderStatus): Promise<Order[]> {
    return this.dataSource.manager.findBy(Order, { status });
  }

  async place(memberId: string, { lines }: PlaceOrderDto): Promise<Order> {
    return this.dataSource.transaction(async (manager) => {
      const order = await manager.save(WebOrder, { member: { id: memberId } });
      for (const line of lines) {
        const book = await manager.findOneByOrFail(Book, { id: line.bookId });
        await manager.insert(OrderLine, { ...line, orderId: order.id, unitPrice: book.price });
      }
      return order;
    });
  }

  async cancel(id: string, memberId: string): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(Order)
      .set({ status: OrderStatus.Cancelled })
      .where("id = :id AND memberId = :memberId", { id, memberId })
      .execute();
  }
}
