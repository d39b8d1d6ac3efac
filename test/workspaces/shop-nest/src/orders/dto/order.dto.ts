import { Type } from "class-transformer";
import { IsInt, IsUUID, Min, ValidateNested } from "class-validator";

export class LineDto {
  @IsUUID()
  bookId: string;

  @IsInt()
  @Min(1)
  quantity: number;
}

export class PlaceOrderDto {
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines: LineDto[];
}
