import type { WebFacts } from "../python/web-facts.ts";
import { WebProgram } from "../python/web-program.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { extractFlaskFacts } from "./extract.ts";
import { findHubs } from "./hubs.ts";
import { resolveRoutes } from "./routes.ts";

/** Flask with blueprints, class based views, Flask-RESTful and Flask-RESTX. */
export const flaskStack: Stack<WebFacts> = {
  id: "flask",
  title: "Flask",
  languages: ["python"],
  version: 4,
  handsPlacesOn: true,
  marker:
    /flask|Flask|[bB]lueprint|register_blueprint|add_resource|url_prefix|\.(?:route|namespace)\(|class \w+\([^)]*(?:Resource|View|Api|API)[,)]|(?:^|\n)[A-Z][A-Z0-9_]* ?= ?f?["']\/|(?:^|\n)[A-Z_]*(?:PATTERN|REGEX|ROUTE|PREFIX) ?= ?[fr]?["']|(?:^|\n)[A-Z][A-Z0-9_]* ?= ?["'][\w-]{1,40}["']\n[A-Z][A-Z0-9_]* ?= ?["']/,
  extract: extractFlaskFacts,
  resolve(facts) {
    const program = new WebProgram(facts);
    const hubs = findHubs(program);
    if ([...hubs.all()].length === 0) return NOTHING;
    return { ...NOTHING, ...resolveRoutes(program, hubs) };
  },
};
