import { createParamDecorator, ExecutionContext } from "@nestjs/common";

export const CurrentMember = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest().member;
});
