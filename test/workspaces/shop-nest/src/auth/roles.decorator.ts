import { applyDecorators, SetMetadata, UseGuards } from "@nestjs/common";
import type { Role } from "../members/entities/member.entity";
import { RolesGuard } from "./roles.guard";

export const ROLES = "roles";

export const Roles = (...roles: Role[]) => SetMetadata(ROLES, roles);

/** For the staff: asks for the role and checks it. */
export function Staff(...roles: Role[]) {
  return applyDecorators(Roles(...roles), UseGuards(RolesGuard));
}
