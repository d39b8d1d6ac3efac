import { Column, Entity, ManyToOne, OneToOne, JoinColumn, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { Book } from "../../catalog/entities/book.entity";
import { Order } from "./order.entity";

@Entity("order_lines")
export class OrderLine {
  @PrimaryColumn("uuid")
  orderId: string;

  @PrimaryColumn("uuid")
  bookId: string;

  @ManyToOne(() => Order, (order) => order.lines, { onDelete: "CASCADE" })
  order: Order;

  @ManyToOne(() => Book, (book) => book.lines)
  book: Book;

  @Column("int", { default: 1 })
  quantity: number;

  @Column("numeric", { precision: 12, scale: 2 })
  unitPrice: string;

  @Column("float", { default: 0 })
  discount: number;
}

@Entity("invoices")
export class Invoice {
  @PrimaryGeneratedColumn("increment", { type: "bigint" })
  number: string;

  @OneToOne(() => Order, { onDelete: "RESTRICT" })
  @JoinColumn()
  order: Order;

  @Column({ type: "timestamptz", default: () => "now()" })
  issuedAt: Date;
}
