import { Column, DeleteDateColumn, Entity, Index, VersionColumn } from "typeorm";
import { BaseEntity } from "../database/base.entity";

@Entity({ name: "coupons", schema: "staff" })
export class Coupon extends BaseEntity {
  @Index("coupons_code", { unique: true })
  @Column({ length: 24 })
  code: string;

  @Column("int")
  percent: number;

  @DeleteDateColumn({ type: "timestamptz" })
  deletedAt: Date | null;

  @VersionColumn()
  version: number;
}
