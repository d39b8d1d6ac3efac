import type { WebFacts } from "../python/web-facts.ts";
import { WebProgram } from "../python/web-program.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { extractFastapiFacts } from "./extract.ts";
import { findHubs } from "./hubs.ts";
import { resolveRoutes } from "./routes.ts";

/** FastAPI, what of Starlette it is built on, and the apps of Aksara, which are built on it. */
export const fastapiStack: Stack<WebFacts> = {
  id: "fastapi",
  title: "FastAPI",
  languages: ["python"],
  version: 5,
  handsPlacesOn: true,
  // Schemas and routers may be handed on by files that name neither FastAPI nor pydantic.
  marker:
    /fastapi|FastAPI|from aksara|import aksara|starlette|APIRouter|pydantic|BaseModel|SQLModel|include_router|[sS]chemas?(?:\.\w+)* import|import \w*[rR]outer|from \.\w* import \w*[rR]outer|class \w+\([^)]*\w(?:Base|Create|Update|Read|Request|Response)[,)]|(?:^|\n)[A-Z][A-Z0-9_]* ?= ?f?["']\//,
  extract: extractFastapiFacts,
  resolve(facts) {
    const program = new WebProgram(facts);
    const hubs = findHubs(program);
    if ([...hubs.all()].length === 0) return NOTHING;
    return { ...NOTHING, ...resolveRoutes(program, hubs) };
  },
};
