import { Controller, Get, VERSION_NEUTRAL } from "@nestjs/common";
import { Public } from "../auth/public.decorator";

@Public()
@Controller({ path: "health", version: VERSION_NEUTRAL })
export class HealthController {
  @Get()
  check() {
    return { status: "ok" };
  }
}
