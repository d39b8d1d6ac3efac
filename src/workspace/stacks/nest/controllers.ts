import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod, Route, RouteParameter } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { pathParameters } from "../node/texts.ts";
import {
  type Application,
  type Applications,
  joined,
  keyOf,
  matches,
  type Reach,
  type RouteMatch,
  versionsOf,
} from "./applications.ts";
import type { MethodFact } from "./facts.ts";
import { type Attached, attachedBy, guardsOf, markingsBy, nameOf } from "./guards.ts";
import { type Behind, modelsBehind } from "./handler-models.ts";
import { type Decorator, isCommon, type NestProgram, type PlacedClass } from "./program.ts";
import { shapeOfPipe, shapeOfType } from "./shapes.ts";

const METHODS: ReadonlyMap<string, HttpMethod> = new Map([
  ["Get", "GET"],
  ["Post", "POST"],
  ["Put", "PUT"],
  ["Patch", "PATCH"],
  ["Delete", "DELETE"],
  ["Head", "HEAD"],
  ["Options", "OPTIONS"],
  ["All", "ANY"],
  ["Sse", "GET"],
]);
const DEPTH = 8;

interface PathParts {
  /** Segment of the version; "" where there is none. */
  readonly version: string;
  /** What stands behind it, without the global prefix. */
  readonly below: string;
}

interface Handler {
  /** The class that the method is written in: the controller or one of its bases. */
  readonly owner: PlacedClass;
  readonly method: MethodFact;
  readonly decorators: readonly Decorator[];
  readonly verb: Decorator;
}

/** Routes of one controller; null for a class that is none. */
export function routesOf(
  program: NestProgram,
  applications: Applications,
  controller: PlacedClass,
): readonly Route[] | null {
  const { uri, fact } = controller;
  const decorators = program.decorators(uri, fact.decorators);
  const own = decorators.find((decorator) => isCommon(decorator) && decorator.name === "Controller");
  if (!own) return null;
  const reach = applications.reachOf(controller);
  // What another controller inherits and no module lists is served by the other.
  if (!reach.isListed && applications.isBase(controller)) return [];
  const builder = new RouteBuilder(program, controller, own, decorators, reach);
  return handlersOf(program, controller).flatMap((handler) =>
    builder.routes(handler, modelsBehind(program, controller, handler)),
  );
}

/** Methods with a verb, with those of the bases; what a class declares again replaces what it inherits. */
function handlersOf(program: NestProgram, controller: PlacedClass): readonly Handler[] {
  const handlers: Handler[] = [];
  const seen = new Set<string>();
  let owner: PlacedClass | null = controller;
  for (let depth = 0; owner && depth < DEPTH; depth++) {
    for (const method of owner.fact.methods) {
      if (seen.has(method.name)) continue;
      seen.add(method.name);
      const decorators = program.decorators(owner.uri, method.decorators);
      const verb = decorators.find((decorator) => isCommon(decorator) && METHODS.has(decorator.name));
      if (verb) handlers.push({ owner, method, decorators, verb });
    }
    owner = program.baseOf(owner);
  }
  return handlers;
}

class RouteBuilder {
  readonly #program: NestProgram;
  readonly #controller: PlacedClass;
  readonly #own: Decorator;
  readonly #decorators: readonly Decorator[];
  readonly #reach: Reach;

  constructor(
    program: NestProgram,
    controller: PlacedClass,
    own: Decorator,
    decorators: readonly Decorator[],
    reach: Reach,
  ) {
    this.#program = program;
    this.#controller = controller;
    this.#own = own;
    this.#decorators = decorators;
    this.#reach = reach;
  }

  routes(handler: Handler, behind: Behind): readonly Route[] {
    const method = METHODS.get(handler.verb.name) ?? "GET";
    const first = this.#own.args[0];
    const options = this.#options();
    const bases = this.#texts(
      this.#own.uri,
      options.get("path") ?? (first?.k === "dict" ? undefined : first),
    );
    const paths = this.#texts(handler.verb.uri, handler.verb.args[0]);
    return this.#versions(handler, options).flatMap((version) =>
      bases.flatMap((base) =>
        paths.map((path) => {
          const below = joined(this.#reach.modulePath, base.text, path.text);
          return this.#route(handler, method, { version, below }, base.unknown ?? path.unknown, behind);
        }),
      ),
    );
  }

  /** Segments of the versions: `v1`; "" where a route has none. */
  #versions(handler: Handler, options: ReadonlyMap<string, Expression>): readonly string[] {
    const versioning = this.#reach.application?.versioning;
    if (!versioning?.inPath) return [""];
    const byDecorator = (decorators: readonly Decorator[]) => {
      const found = decorators.find((decorator) => isCommon(decorator) && decorator.name === "Version");
      return found ? versionsOf(this.#program, found.uri, found.args[0]) : [];
    };
    const onMethod = byDecorator(handler.decorators);
    const onClass = [
      ...versionsOf(this.#program, this.#own.uri, options.get("version")),
      ...byDecorator(this.#decorators),
    ];
    const versions = onMethod.length > 0 ? onMethod : onClass.length > 0 ? onClass : versioning.default;
    return versions.length === 0
      ? [""]
      : versions.map((version) => (version === null ? "" : versioning.prefix + version));
  }

  /** `plain`: the path without its version, as exclusions name it. */
  #prefixed(method: HttpMethod, path: string, plain: string): string {
    const application = this.#reach.application;
    if (!application || application.prefix === "" || isExcluded(application, method, plain)) return path;
    return joined(application.prefix, path);
  }

  #texts(
    uri: string,
    value: Expression | undefined,
  ): readonly { readonly text: string; readonly unknown: string | null }[] {
    const { values } = this.#program;
    const list = value && values.valueOf(uri, value);
    const items = list?.value.k === "list" ? list.value.items : value ? [value] : [];
    if (items.length === 0) return [{ text: "", unknown: null }];
    return items.map((item) => {
      const text = values.textOf(list?.value.k === "list" ? list.uri : uri, item);
      return text === null ? { text: `\${${nameOf(item)}}`, unknown: nameOf(item) } : { text, unknown: null };
    });
  }

  #route(
    handler: Handler,
    method: HttpMethod,
    at: PathParts,
    unknown: string | null,
    { modelIds, reaches }: Behind,
  ): Route {
    const below = joined(at.version, at.below);
    const path = this.#prefixed(method, below, at.below);
    const { owner, method: fact, verb } = handler;
    const program = this.#program;
    const { application, moduleSource } = this.#reach;
    const gaps = this.#gaps(verb.source, unknown, path);
    const name = `${method} ${path}`;
    const mounts = [application?.prefixSource, moduleSource, this.#own.source, verb.source].filter(
      (source): source is SourceRef => source !== null && source !== undefined,
    );
    return {
      kind: "route",
      id: `route:nest:${name}`,
      name,
      uri: owner.uri,
      range: rangeOf(fact.span),
      nameRange: rangeOf(fact.nameSpan),
      hash: fact.hash,
      stack: "nest",
      confidence: gaps.length === 0 ? "certain" : "partial",
      reason: this.#reason(handler),
      gaps,
      method,
      path,
      parameters: this.#parameters(handler, path),
      handler: `${this.#controller.fact.name}.${fact.name}`,
      handlerSource: { uri: owner.uri, range: rangeOf(fact.span), hash: fact.hash },
      guards: [...this.#middleware(method, below), ...this.#guards(handler), ...this.#pipes(handler)],
      body: this.#body(handler),
      response: shapeOfType(program, owner.uri, fact.returns) ?? this.#documented(handler),
      mounts,
      modelIds,
      reaches,
    };
  }

  #reason({ owner, verb }: Handler): string {
    const reason =
      owner === this.#controller
        ? `method with @${verb.name} of a class with @Controller`
        : `method of ${owner.fact.name} that the controller ${this.#controller.fact.name} inherits`;
    const host = this.#options().get("host");
    if (!host) return reason;
    const hosts = this.#texts(this.#own.uri, host).map(({ text }) => text);
    return `${reason}, for requests to ${hosts.join(" or ")} only`;
  }

  /** What is given to `@Controller({…})`. */
  #options(): ReadonlyMap<string, Expression> {
    const [first] = this.#own.args;
    return dictOf(first && this.#program.values.valueOf(this.#own.uri, first)?.value);
  }

  #gaps(source: SourceRef, unknown: string | null, path: string): readonly Gap[] {
    const gaps: Gap[] = [];
    const application = this.#reach.application;
    if (application && application.unknownPrefix !== null && path.startsWith(joined(application.prefix))) {
      gaps.push({
        what: `path: prefix \`${application.unknownPrefix}\``,
        why: "its value is not written out in the workspace",
        source: application.prefixSource,
      });
    }
    if (application && !this.#reach.isListed) {
      gaps.push({
        what: `controller ${this.#controller.fact.name}: whether it is served`,
        why: "no list of controllers that was read names it",
        source: this.#own.source,
      });
    }
    if (unknown !== null) {
      gaps.push({
        what: `path: \`${unknown}\``,
        why: "its value is not written out in the workspace",
        source,
      });
    }
    return gaps;
  }

  #guards(handler: Handler): ReturnType<typeof guardsOf> {
    const inherited = handler.owner !== this.#controller;
    const onClass = this.#decorators.length > 0 ? this.#decorators : [];
    const attached: readonly Attached[] = [
      ...this.#reach.guards,
      ...attachedBy(onClass, "class"),
      ...attachedBy(
        this.#program.decorators(handler.owner.uri, inherited ? handler.owner.fact.decorators : []),
        "inherited",
      ),
      ...attachedBy(handler.decorators, inherited ? "inherited" : "method"),
    ];
    const onMethod = markingsBy(this.#program, handler.decorators, inherited ? "inherited" : "method");
    const keys = new Set(onMethod.map(({ key }) => key));
    // What stands at the method overrides what stands at the class.
    const marks = markingsBy(this.#program, onClass, "class").filter(({ key }) => !keys.has(key));
    return guardsOf(this.#program, attached, [...marks, ...onMethod]);
  }

  /** Middleware that modules apply to this route; it runs before all guards. */
  #middleware(method: HttpMethod, path: string): ReturnType<typeof guardsOf> {
    const own = keyOf(this.#controller);
    const means = (match: RouteMatch) =>
      "controller" in match ? match.controller === own : matches(match, method, path);
    const applied = this.#reach.middleware.filter(
      ({ routes, excluded }) => routes.some(means) && !excluded.some(means),
    );
    return guardsOf(
      this.#program,
      applied.flatMap(({ attached }) => attached),
      [],
    );
  }

  /** Pipes refuse what has not the right form: they are no guards of access, but stand in the way of a request. */
  #pipes(handler: Handler): ReturnType<typeof guardsOf> {
    const used = (decorators: readonly Decorator[], scope: Attached["scope"]): readonly Attached[] =>
      decorators
        .filter((decorator) => isCommon(decorator) && decorator.name === "UsePipes")
        .flatMap(({ args, uri, source }) => args.map((value) => ({ scope, uri, value, source })));
    return [
      ...this.#reach.pipes,
      ...used(this.#decorators, "class"),
      ...used(handler.decorators, "method"),
    ].map(({ value, scope, source }) => ({
      name: nameOf(value),
      kind: "validation",
      effect: "require",
      scope,
      source,
    }));
  }

  #parameters({ owner, method }: Handler, path: string): readonly RouteParameter[] {
    const found: RouteParameter[] = [];
    const add = (parameter: RouteParameter) => {
      if (!found.some(({ name, in: place }) => name === parameter.name && place === parameter.in))
        found.push(parameter);
    };
    for (const { decorators, type, optional } of method.parameters) {
      for (const decorator of decorators) {
        const { module, name, args } = this.#program.named(owner.uri, decorator);
        const place = isCommon({ module }) ? PLACES.get(name) : undefined;
        if (!place) continue;
        const given = this.#program.values.textOf(owner.uri, args[0]);
        const hasDefault = args.some((argument) => /DefaultValuePipe|optional/.test(nameOf(argument)));
        if (given !== null) {
          add({
            name: given,
            in: place,
            type: type ?? pipeType(args),
            required: place === "path" || !(optional || hasDefault),
          });
        } else if (place !== "body") {
          const shape = shapeOfType(this.#program, owner.uri, type) ?? this.#checked(owner.uri, args);
          for (const field of shape?.fields ?? []) {
            add({ name: field.name, in: place, type: field.type, required: field.required });
          }
        }
      }
    }
    const declared = new Map(
      found.filter(({ in: place }) => place === "path").map((parameter) => [parameter.name, parameter]),
    );
    const inPath = pathParameters(path).map(
      ({ name, required }): RouteParameter =>
        declared.get(name) ?? { name, in: "path", type: null, required },
    );
    return [...inPath, ...found.filter(({ in: place }) => place !== "path")];
  }

  /** `@ApiOkResponse({ type: BookDto })`: what the description of the interface says. */
  #documented({ decorators }: Handler): Route["response"] {
    for (const { module, name, args, uri } of decorators) {
      const isResponse = /^Api(?:\w*)Response$/.test(name) && !ERROR_RESPONSE.test(name);
      if (module !== "@nestjs/swagger" || !isResponse) continue;
      const options = dictOf(args[0]);
      const status = this.#program.values.textOf(uri, options.get("status"));
      const [type] = itemsOf(options.get("type"));
      const written = type && (status === null || status.startsWith("2")) ? dottedName(type) : null;
      const shape = written === null ? null : shapeOfType(this.#program, uri, written);
      if (shape) return shape;
    }
    return null;
  }

  #body({ owner, method }: Handler): Route["body"] {
    for (const { decorators, type } of method.parameters) {
      for (const decorator of decorators) {
        const { module, name, args } = this.#program.named(owner.uri, decorator);
        if (
          !isCommon({ module }) ||
          name !== "Body" ||
          this.#program.values.textOf(owner.uri, args[0]) !== null
        )
          continue;
        const shape = shapeOfType(this.#program, owner.uri, type) ?? this.#checked(owner.uri, args);
        if (shape) return shape;
      }
    }
    return null;
  }

  /** The shape that a pipe in `@Body(…)` asks for. */
  #checked(uri: string, pipes: readonly Expression[]): Route["body"] {
    for (const pipe of pipes) {
      const shape = shapeOfPipe(this.#program, uri, pipe);
      if (shape) return shape;
    }
    return null;
  }
}

/** Descriptions of answers that are no success. */
const ERROR_RESPONSE =
  /^Api(?:Default|BadRequest|Unauthorized|Forbidden|NotFound|MethodNotAllowed|NotAcceptable|RequestTimeout|Conflict|PreconditionFailed|PayloadTooLarge|Unprocessable\w*|TooManyRequests|InternalServerError|NotImplemented|BadGateway|ServiceUnavailable|GatewayTimeout|Gone|ImATeapot)Response$/;
const PLACES: ReadonlyMap<string, RouteParameter["in"]> = new Map([
  ["Param", "path"],
  ["Query", "query"],
  ["Headers", "header"],
  ["Body", "body"],
]);

function pipeType(args: readonly Expression[]): string | null {
  const pipe = args.map(nameOf).find((name) => /^(?:new )?Parse\w+Pipe/.test(name));
  return pipe ? (/Parse(\w+)Pipe/.exec(pipe)?.[1]?.toLowerCase() ?? null) : null;
}

function isExcluded({ excluded }: Application, method: HttpMethod, path: string): boolean {
  return excluded.some((entry) => matches(entry, method, path));
}
