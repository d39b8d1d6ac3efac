import { IsInt, IsOptional, Max, Min } from "class-validator";

export class PageDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  page = 1;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  size = 20;
}
