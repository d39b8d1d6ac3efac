import { IsEmail, IsOptional, IsString, MinLength } from "class-validator";

export class CredentialsDto {
  @IsEmail()
  email: string;

  @IsString()
  @MinLength(10)
  password: string;
}

export class RegisterDto extends CredentialsDto {
  @IsString()
  fullName: string;

  @IsOptional()
  @IsString()
  phone?: string;
}
