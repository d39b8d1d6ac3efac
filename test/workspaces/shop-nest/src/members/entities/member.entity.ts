import { Column, Entity, Index, OneToMany } from "typeorm";
import { BaseEntity } from "../../database/base.entity";
import { Order } from "../../orders/entities/order.entity";

export enum Role {
  Reader = "reader",
  Clerk = "clerk",
  Manager = "manager",
}

/** Somebody with a card of the shop. */
@Entity("members")
@Index("members_recent", ["role", "createdAt"])
export class Member extends BaseEntity {
  @Column({ length: 254, unique: true })
  email: string;

  @Column({ length: 100, select: false })
  passwordHash: string;

  @Column({ length: 160 })
  fullName: string;

  @Column({ type: "varchar", length: 20, nullable: true })
  phone?: string;

  @Column({ type: "enum", enum: Role, default: Role.Reader })
  role: Role;

  @Column({ default: 0 })
  points: number;

  @OneToMany(() => Order, (order) => order.member)
  orders: Order[];
}
