import { OmitType, PartialType, PickType } from "@nestjs/mapped-types";
import { IsArray, IsBoolean, IsInt, IsISBN, IsNumberString, IsOptional, IsString, Length } from "class-validator";
import { PageDto } from "@common/page.dto";

export class CreateBookDto {
  @IsISBN()
  isbn: string;

  @IsString()
  @Length(1, 200)
  title: string;

  @IsNumberString()
  price: string;

  @IsInt()
  publisherId: number;

  @IsOptional()
  @IsArray()
  tags?: string[];
}

export class UpdateBookDto extends PartialType(OmitType(CreateBookDto, ["isbn"] as const)) {
  @IsOptional()
  @IsBoolean()
  listed?: boolean;
}

export class PriceDto extends PickType(CreateBookDto, ["price"] as const) {}

export class SearchDto extends PageDto {
  @IsOptional()
  @IsString()
  q?: string;

  @IsOptional()
  @IsInt()
  publisher?: number;
}
