import { ChildEntity, Column, Entity, ManyToOne, OneToMany, TableInheritance } from "typeorm";
import { BaseEntity } from "../../database/base.entity";
import { Member } from "../../members/entities/member.entity";
import { OrderLine } from "./order-line.entity";

export enum OrderStatus {
  Open = "open",
  Paid = "paid",
  Sent = "sent",
  Cancelled = "cancelled",
}

@Entity("orders")
@TableInheritance({ column: { type: "varchar", length: 16, name: "channel" } })
export class Order extends BaseEntity {
  @Column({ type: "enum", enum: OrderStatus, enumName: "order_status", default: OrderStatus.Open })
  status: OrderStatus;

  @ManyToOne(() => Member, (member) => member.orders, { nullable: false, onDelete: "CASCADE" })
  member: Member;

  @OneToMany(() => OrderLine, (line) => line.order, { cascade: true })
  lines: OrderLine[];
}

@ChildEntity("web")
export class WebOrder extends Order {
  @Column({ type: "inet", nullable: true })
  placedFrom: string | null;
}

@ChildEntity("counter")
export class CounterOrder extends Order {
  @Column({ length: 40 })
  till: string;
}
