import { Column, Entity, PrimaryGeneratedColumn, Tree, TreeChildren, TreeParent } from "typeorm";

/** Shelves stand in a tree. */
@Entity("shelves")
@Tree("materialized-path")
export class Shelf {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @TreeChildren()
  children: Shelf[];

  @TreeParent({ onDelete: "CASCADE" })
  parent: Shelf | null;
}
