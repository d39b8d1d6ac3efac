import { Body, Controller, Get, HttpCode, Post } from "@nestjs/common";
import { Member } from "../members/entities/member.entity";
import { AuthService } from "./auth.service";
import { CurrentMember } from "./current-member.decorator";
import { CredentialsDto, RegisterDto } from "./dto/credentials.dto";
import { Public } from "./public.decorator";

@Controller("auth")
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Public()
  @Post("register")
  register(@Body() body: RegisterDto): Promise<Member> {
    return this.auth.register(body);
  }

  @Public()
  @HttpCode(200)
  @Post("login")
  login(@Body() body: CredentialsDto) {
    return this.auth.login(body);
  }

  @Get("me")
  me(@CurrentMember() member: { sub: string }): Promise<Member> {
    return this.auth.me(member.sub);
  }
}
