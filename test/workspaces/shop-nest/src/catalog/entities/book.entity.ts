import { Check, Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToMany, Unique } from "typeorm";
import { BaseEntity } from "../../database/base.entity";
import { OrderLine } from "../../orders/entities/order-line.entity";
import { Author } from "./author.entity";
import { Publisher } from "./publisher.entity";
import { Shelf } from "./shelf.entity";

@Entity("books")
@Index("books_listed", ["title"], { where: '"listed"' })
@Unique("books_isbn_edition", ["isbn", "edition"])
@Check("books_price_positive", '"price" >= 0')
export class Book extends BaseEntity {
  @Column({ type: "char", length: 13 })
  isbn: string;

  @Column({ type: "smallint", default: 1 })
  edition: number;

  @Column({ length: 200 })
  title: string;

  @Column("text", { default: "" })
  blurb: string;

  @Column({ type: "numeric", precision: 12, scale: 2 })
  price: string;

  @Column({ default: false })
  listed: boolean;

  @Column("text", { array: true, default: () => "'{}'" })
  tags: string[];

  @Column("jsonb", { nullable: true })
  extra: Record<string, unknown> | null;

  @Column()
  publisherId: number;

  @ManyToOne(() => Publisher, (publisher) => publisher.books, { onDelete: "RESTRICT" })
  publisher: Publisher;

  @Index()
  @ManyToOne(() => Shelf, { nullable: true, onDelete: "SET NULL" })
  @JoinColumn({ name: "shelf_id" })
  shelf: Shelf | null;

  @ManyToMany(() => Author, (author) => author.books)
  @JoinTable({ name: "book_authors" })
  authors: Author[];

  @OneToMany(() => OrderLine, (line) => line.book)
  lines: OrderLine[];
}
