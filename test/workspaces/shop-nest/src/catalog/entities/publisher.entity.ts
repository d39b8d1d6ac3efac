import { Column, Entity, OneToMany, PrimaryGeneratedColumn } from "typeorm";
import { Book } from "./book.entity";

export class Address {
  @Column({ length: 120 })
  street: string;

  @Column({ length: 60 })
  city: string;

  @Column({ type: "char", length: 2, default: "ID" })
  country: string;
}

@Entity("publishers")
export class Publisher {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 160 })
  name: string;

  @Column(() => Address)
  address: Address;

  @Column(() => Address, { prefix: "billing" })
  billing: Address;

  @OneToMany(() => Book, (book) => book.publisher)
  books: Book[];
}
