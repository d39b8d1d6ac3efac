import { Column, Entity, ManyToMany, PrimaryGeneratedColumn } from "typeorm";
import { Book } from "./book.entity";

@Entity("authors")
export class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 160 })
  fullName: string;

  @Column({ length: 160, unique: true })
  slug: string;

  @Column({ type: "date", nullable: true })
  bornOn: string | null;

  @ManyToMany(() => Book, (book) => book.authors)
  books: Book[];
}
