import { dottedName } from "../../languages/expression.ts";
import { argumentOf, type Call, calledName } from "../../languages/python/expressions.ts";
import type { Written } from "../python/project.ts";
import { type Hub, Hubs, type WebProgram } from "../python/web-program.ts";

export type FastapiKind = "app" | "router";
export type FastapiHub = Hub<FastapiKind>;
export type FastapiHubs = Hubs<FastapiKind>;

const APP =
  /^(fastapi(\.applications)?\.FastAPI|starlette\.applications\.Starlette|aksara(\.app)?\.(Aksara|FastAPI))$/;
const ROUTER =
  /^(fastapi(\.routing)?\.APIRouter|starlette\.routing\.Router|fastapi_utils\.\w+\.InferringRouter|aksara(\.app)?\.APIRouter)$/;

/** The apps and routers of the workspace, those made by a class of the workspace included. */
export function findHubs(program: WebProgram): FastapiHubs {
  return new Hubs<FastapiKind>(program, (written) => kindOf(program, written));
}

function kindOf(program: WebProgram, written: Written & { readonly expression: Call }): FastapiKind | null {
  const { expression } = written;
  if (!/(FastAPI|APIRouter|Starlette|Router|App|Aksara)$/.test(calledName(expression) ?? "")) return null;
  const line = program.ancestors({ ...written, expression: expression.callee });
  // `APIRouter = make_router_class(Route)`: the class is made at run time, and keeps its name.
  if (line.length === 0 && calledName(expression) === "APIRouter") return "router";
  for (const step of line) {
    if (step.kind !== "external") continue;
    if (APP.test(step.name)) return "app";
    if (ROUTER.test(step.name)) return "router";
  }
  return null;
}

/** A keyword of the call that makes a hub, or what the class of the workspace behind it gives to its own base. */
export function hubOption(program: WebProgram, hub: FastapiHub, name: string): Written | null {
  const { uri } = hub.scope;
  const value = argumentOf(hub.call, name);
  if (value) return { uri, scope: "", expression: value };
  for (const step of program.ancestors({ uri, scope: "", expression: hub.call.callee })) {
    if (step.kind !== "class") continue;
    const calls = step.ref.declaration.methods.find((method) => method.name === "__init__")?.calls ?? [];
    for (const call of calls) {
      const given = call.k === "call" && calledName(call) === "__init__" ? argumentOf(call, name) : null;
      // A parameter that is only handed through has been looked for in the call already.
      if (given && dottedName(given) !== name) return { uri: step.ref.uri, scope: "", expression: given };
    }
  }
  return null;
}
