import assert from "node:assert/strict";
import { guardVerdict } from "../../../../../src/flows/facts/route-lines.ts";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { nestStack } from "../../../../../src/workspace/stacks/nest/nest.ts";
import { readStack, type Texts } from "../../read-stack.ts";

const COMMON = `import { All, applyDecorators, Body, CanActivate, Controller, Delete, ExecutionContext, Get, Injectable, MiddlewareConsumer, Module, NestModule, Param, Patch, Post, Put, Query, RequestMethod, SetMetadata, UnauthorizedException, UseGuards, Version, VERSION_NEUTRAL, VersioningType } from "@nestjs/common";
import { APP_GUARD, NestFactory, Reflector, RouterModule } from "@nestjs/core";
`;

/** One file with a module that lists the controllers, and an application of it. */
function routesOf(
  code: string,
  controllers: string,
  setup = "",
  more: Texts = {},
  options = "",
): readonly Route[] {
  const app = `${COMMON}${code}
@Module({ controllers: [${controllers}]${options} }) export class AppModule {}
export async function start() { const app = await NestFactory.create(AppModule); ${setup} await app.listen(3000); }`;
  return readStack(nestStack, { "src/app.ts": app, ...more }).routes;
}

function names(routes: readonly Route[]): readonly string[] {
  return routes.map(({ name }) => name).sort();
}

function guardsOf(routes: readonly Route[], name: string): readonly string[] {
  const found = routes.find((route) => route.name === name);
  return found?.guards.map((guard) => `${guard.name} ${guard.kind} ${guard.effect} ${guard.scope}`) ?? [];
}

const AUTH = `export const IS_PUBLIC = "isPublic"; export const Public = () => SetMetadata(IS_PUBLIC, true);
@Injectable() export class TokenGuard implements CanActivate { constructor(private reflector: Reflector) {}
  canActivate(context: ExecutionContext) { if (this.reflector.get(IS_PUBLIC, context.getHandler())) return true; if (!context.switchToHttp().getRequest().token) throw new UnauthorizedException(); return true; } }
`;

describe("nestStack", () => {
  // What is expected here was asked of Nest 11 with its adapter for Express.
  it("C04 joins prefix, version, module path and the paths of controller and method", () => {
    const code = `@Controller({ path: ["a", "b"], version: ["1", VERSION_NEUTRAL] })
export class AController { @Get(["x", "y/:id"]) x() {} @Version("3") @All() all() {} @Post("/z/") z() {} }
@Controller({ path: "c", version: "1" }) export class CController { @Get("d") d() {} @Get("e/f") e() {} }
@Controller("base") export class CrudController { @Get() list() {} @Get(":id") one() {} }
@Controller("cats") export class CatsController extends CrudController { @Get(":id") override one() {} }
@Controller("dogs") export class DogsController extends CrudController { override one() {} }`;
    const setup = `app.setGlobalPrefix("api", { exclude: ["b/x", "c/d", { path: "c/e{/*rest}", method: RequestMethod.GET }] });
app.enableVersioning({ type: VersioningType.URI, prefix: "v" });`;
    assert.deepEqual(
      names(routesOf(code, "AController, CController, CatsController, DogsController", setup)),
      [
        "ANY /api/v3/a",
        "ANY /api/v3/b",
        "GET /api/a/x",
        "GET /api/a/y/:id",
        "GET /api/b/y/:id",
        "GET /api/cats",
        "GET /api/cats/:id",
        "GET /api/dogs",
        "GET /api/v1/a/x",
        "GET /api/v1/a/y/:id",
        "GET /api/v1/b/y/:id",
        "GET /b/x",
        "GET /v1/b/x",
        "GET /v1/c/d",
        "GET /v1/c/e/f",
        "POST /api/a/z",
        "POST /api/b/z",
        "POST /api/v1/a/z",
        "POST /api/v1/b/z",
      ],
    );
  });

  it("C04 leaves versions of a header out of the path", () => {
    const code = `@Controller({ path: "a", version: "2" }) export class AController { @Get() x() {} }`;
    const setup = `app.enableVersioning({ type: VersioningType.HEADER, header: "x-version" });`;
    assert.deepEqual(names(routesOf(code, "AController", setup)), ["GET /a"]);
  });

  it("C04 reads decorators that Nest exports from its inner modules, and the host of a controller", () => {
    const { routes } = readStack(nestStack, {
      "a.ts": `import { Controller, Get } from "@nestjs/common/decorators";
@Controller({ host: ["admin.example.com"], path: \`a\` }) export class AController { @Get("b") b() {} }`,
    });
    assert.deepEqual(
      routes.map(({ name, reason }) => [name, reason]),
      [["GET /a/b", "method with @Get of a class with @Controller, for requests to admin.example.com only"]],
    );
  });

  it("C04 finds guards for all routes: of the application and of modules", () => {
    const code = `${AUTH}@Injectable() export class StaffGuard { canActivate() { return check(); } }
@Controller("a") export class AController { @Get() x() {} }`;
    const routes = routesOf(
      code,
      "AController",
      "app.useGlobalGuards(new StaffGuard());",
      {},
      ", providers: [{ provide: APP_GUARD, useClass: TokenGuard }]",
    );
    assert.deepEqual(guardsOf(routes, "GET /a"), [
      "TokenGuard authentication require global",
      "StaffGuard permission require global",
    ]);
    assert.deepEqual(
      routes[0]?.guards.map(({ source }) => source.range.start.line),
      [7, 8],
    );
  });

  it("C04 knows what @Public() opens, and what it does not", () => {
    const code = `import { AuthGuard } from "@nestjs/passport";\n${AUTH}
@UseGuards(TokenGuard) @Controller("a") export class AController {
  @Public() @Get("open") open() {}
  @Public() @UseGuards(AuthGuard("jwt")) @Post("closed") closed() {}
  @Post("plain") plain() {} }`;
    const routes = routesOf(code, "AController");
    assert.deepEqual(guardsOf(routes, "GET /a/open"), [
      "TokenGuard authentication identify class",
      "Public authentication allow-any method",
    ]);
    assert.deepEqual(guardsOf(routes, "POST /a/closed"), [
      "TokenGuard authentication identify class",
      'AuthGuard("jwt") authentication require method',
      "Public authentication allow-any method",
    ]);
    assert.deepEqual(
      routes.map(({ name, guards }) => `${name}: ${guardVerdict(guards)}`),
      ["GET /a/open: open by explicit choice", "POST /a/closed: guarded", "POST /a/plain: guarded"],
    );
  });

  it("C04 takes decorators apart that the workspace puts together", () => {
    const code = `${AUTH}export const Roles = Reflector.createDecorator<string[]>();
export function Locked(...roles: string[]) { return applyDecorators(SetMetadata("roles", roles), UseGuards(RoleGuard)); }
export const Area = (path: string) => applyDecorators(Controller(\`area/\${path}\`), UseGuards(TokenGuard));
@Injectable() export class RoleGuard { constructor(private reflector: Reflector) {} canActivate(c) { const roles = this.reflector.get("roles", c.getHandler()); if (!roles) return true; return roles.includes(c.user.role); } }
@Area("east") export class AController { @Locked("admin") @Delete(":id") x(@Param("id") id: string) {} @Get() y() {} }`;
    const routes = routesOf(code, "AController");
    assert.deepEqual(guardsOf(routes, "DELETE /area/east/:id"), [
      "TokenGuard authentication require class",
      "RoleGuard permission require method",
      'Locked("admin") permission require method',
    ]);
    assert.deepEqual(guardsOf(routes, "GET /area/east"), ["TokenGuard authentication require class"]);
  });

  it("C04 applies the middleware of a module to the routes it is written for", () => {
    const { routes } = readStack(nestStack, {
      "app.ts": `${COMMON}
@Injectable() export class SessionMiddleware implements NestMiddleware { use(req, res, next) { if (!req.session) throw new UnauthorizedException(); next(); } }
@Controller("a") export class AController { @Get("one") one() {} @Post("two") two() {} }
@Controller("b") export class BController { @Get() b() {} }
@Module({ controllers: [AController, BController] })
export class AppModule implements NestModule { configure(consumer: MiddlewareConsumer) {
  consumer.apply(SessionMiddleware).exclude({ path: "a/one", method: RequestMethod.GET }).forRoutes(AController); } }`,
    });
    assert.deepEqual(guardsOf(routes, "POST /a/two"), ["SessionMiddleware authentication require group"]);
    assert.deepEqual(guardsOf(routes, "GET /a/one"), []);
    assert.deepEqual(guardsOf(routes, "GET /b"), []);
  });

  it("C04 inherits routes from bases, which are served only where a module lists them", () => {
    const code = `@Controller("base") export class CrudController { @Get() list() {} @Get(":id") one(@Param("id") id: string) {} }
@Controller("cats") export class CatsController extends CrudController { @Get(":id") override one() {} }`;
    const routes = routesOf(code, "CatsController");
    assert.deepEqual(names(routes), ["GET /cats", "GET /cats/:id"]);
    assert.deepEqual(names(routesOf(code, "CatsController, CrudController")).length, 4);
  });

  it("C08 says that no module lists a controller", () => {
    const code = `@Controller("a") export class AController { @Get() x() {} } @Controller("b") export class BController { @Get() x() {} }`;
    assert.deepEqual(
      routesOf(code, "AController").map(({ name, confidence, gaps }) => [name, confidence, gaps[0]?.what]),
      [
        ["GET /a", "certain", undefined],
        ["GET /b", "partial", "controller BController: whether it is served"],
      ],
    );
  });

  it("C08 says which part of a path is not written out", () => {
    const code = `@Controller("a") export class AController { @Get() x() {} }`;
    const [route] = routesOf(code, "AController", `app.setGlobalPrefix(config.get("app.prefix"));`);
    assert.deepEqual(
      [route?.path, route?.confidence, route?.gaps[0]?.what],
      ["/${app.prefix}/a", "partial", "path: prefix `app.prefix`"],
    );
  });

  it("C04 has parameters with their types, bodies through mapped types, responses also of descriptions", () => {
    const code = `import { PartialType } from "@nestjs/mapped-types"; import { ApiOkResponse, ApiNotFoundResponse } from "@nestjs/swagger";
export class CatDto { name: string; age?: number; } export class PatchCat extends PartialType(CatDto) {}
@Controller("cats") export class CatsController {
  @ApiNotFoundResponse({ type: PatchCat }) @ApiOkResponse({ type: [CatDto] }) @Patch(":id")
  change(@Param("id", ParseIntPipe) id: number, @Query("dry") dry: boolean = false, @Body("note") note: string = "", @Body() body: PatchCat) {} }`;
    const [route] = routesOf(code, "CatsController");
    assert.deepEqual(
      route?.parameters.map((parameter) => [
        parameter.in,
        parameter.name,
        parameter.type,
        parameter.required,
      ]),
      [
        ["path", "id", "number", true],
        ["query", "dry", "boolean", false],
        ["body", "note", "string", false],
      ],
    );
    assert.deepEqual(
      route?.body?.fields.map(({ name, required }) => [name, required]),
      [
        ["name", false],
        ["age", false],
      ],
    );
    assert.equal(route?.response?.name, "CatDto");
  });

  it("C04 has the bodies that a schema of zod in a pipe or behind a class asks for", () => {
    const routes = routesOf(
      `import { createZodDto } from "nestjs-zod"; import { catSchema } from "./cats"; import { ZodPipe } from "./pipe";
class CatDto extends createZodDto(catSchema) {}
@Controller("cats") export class CatsController {
  @Post() make(@Body(new ZodPipe(catSchema.partial())) body: unknown, @Query(new ZodPipe(catSchema.pick({ age: true }))) query: unknown) {}
  @Put() change(@Body() body: CatDto) {} }`,
      "CatsController",
      "",
      {
        "src/cats.ts": `import { z } from "zod"; export const catSchema = z.object({ name: z.string(), age: z.number().optional() });`,
      },
    );
    const fields = (name: string) =>
      routes
        .find((route) => route.name === name)
        ?.body?.fields.map((field) => [field.name, field.type, field.required]);
    assert.deepEqual(fields("PUT /cats"), [
      ["name", "z.string()", true],
      ["age", "z.number().optional()", false],
    ]);
    assert.deepEqual(fields("POST /cats"), [
      ["name", "z.string()", false],
      ["age", "z.number().optional()", false],
    ]);
    assert.deepEqual(
      routes
        .find(({ name }) => name === "POST /cats")
        ?.parameters.map((parameter) => [parameter.in, parameter.name]),
      [["query", "age"]],
    );
  });

  it("C01 is not misled by calls that are named like members of every object", () => {
    const code = `@Controller("a") export class AController { @Get() x() { return this.id.toString(1).constructor(2).hasOwnProperty(3); } }`;
    assert.deepEqual(names(routesOf(code, "AController")), ["GET /a"]);
    const fact = JSON.stringify(routesOf(code, "AController"));
    assert.ok(!fact.includes("native code"));
  });
});
