import { ConflictException, Injectable, UnauthorizedException } from "@nestjs/common";
import { JwtService } from "@nestjs/jwt";
import { InjectRepository } from "@nestjs/typeorm";
import { Repository } from "typeorm";
import { matches, seal } from "@common/passwords";
import { Member } from "../members/entities/member.entity";
import type { CredentialsDto, RegisterDto } from "./dto/credentials.dto";

@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly jwt: JwtService,
  ) {}

  async register({ password, ...rest }: RegisterDto): Promise<Member> {
    if (await this.members.existsBy({ email: rest.email })) throw new ConflictException();
    return this.members.save({ ...rest, passwordHash: await seal(password) });
  }

  async login({ email, password }: CredentialsDto): Promise<{ token: string }> {
    const member = await this.members.findOne({ where: { email }, select: { id: true, role: true, passwordHash: true } });
    if (!member || !(await matches(password, member.passwordHash))) throw new UnauthorizedException();
    return { token: await this.jwt.signAsync({ sub: member.id, role: member.role }) };
  }

  me(id: string): Promise<Member> {
    return this.members.findOneOrFail({ where: { id }, relations: { orders: true } });
  }
}
