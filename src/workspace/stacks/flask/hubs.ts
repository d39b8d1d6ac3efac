import { type Call, calledName } from "../../languages/python/expressions.ts";
import type { Written } from "../python/project.ts";
import { type Hub, Hubs, type WebProgram } from "../python/web-program.ts";

/** `api` is that of Flask-RESTful and Flask-RESTX, `namespace` a part of the latter. */
export type FlaskKind = "app" | "blueprint" | "api" | "namespace";
export type FlaskHub = Hub<FlaskKind>;
export type FlaskHubs = Hubs<FlaskKind>;

const KINDS: readonly (readonly [RegExp, FlaskKind])[] = [
  [/^(flask(\.app)?\.Flask|apiflask\.APIFlask|flask_openapi3\.OpenAPI|quart\.Quart)$/, "app"],
  [
    /^(flask(\.blueprints)?\.Blueprint|flask_smorest\.Blueprint|apiflask\.APIBlueprint|quart\.Blueprint)$/,
    "blueprint",
  ],
  [/^(flask_restful|flask_restx|flask_restplus)(\.\w+)*\.Api$/, "api"],
  [/^(flask_restx|flask_restplus)(\.\w+)*\.Namespace$/, "namespace"],
];

/** The apps, blueprints and APIs of the workspace. */
export function findHubs(program: WebProgram): FlaskHubs {
  return new Hubs<FlaskKind>(program, (written) => kindOf(program, written));
}

function kindOf(program: WebProgram, written: Written & { readonly expression: Call }): FlaskKind | null {
  // `api.namespace("books")` of Flask-RESTX.
  if (written.expression.callee.k === "member" && written.expression.callee.name === "namespace")
    return "namespace";
  // Whatever a class of the workspace is called, it may be an app.
  if (!/^[A-Z]/.test(calledName(written.expression) ?? "")) return null;
  for (const step of program.ancestors({ ...written, expression: written.expression.callee })) {
    const found = step.kind === "external" ? KINDS.find(([name]) => name.test(step.name)) : undefined;
    if (found) return found[1];
  }
  return null;
}
