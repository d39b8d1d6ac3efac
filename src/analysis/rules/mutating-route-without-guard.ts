import type { Catalog } from "../../workspace/catalog.ts";
import type { Guard, HttpMethod, Route } from "../../workspace/ir/route.ts";
import { finding, type Rule } from "../rule.ts";

const MUTATING: ReadonlySet<HttpMethod> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Paths that are open by their nature: signing in, signing up, webhooks with their own signature. */
const OPEN_BY_NATURE =
  /(?:^|\/)(?:log-?in|sign-?in|sign-?up|register|token|refresh|password|forgot|reset|verify|webhooks?|callback|oauth|health)/i;

/** What may refuse a request, but not for who sends it. */
const BESIDE_ACCESS: ReadonlySet<Guard["kind"]> = new Set(["throttle", "csrf-exempt", "validation"]);

/** A route that changes something and that nobody has to be allowed to call. */
export const mutatingRouteWithoutGuard: Rule = {
  id: "route/mutating-without-guard",
  title: "Mutating route without a guard",
  *check(catalog: Catalog) {
    for (const route of catalog.routes) {
      if (!MUTATING.has(route.method) || route.confidence === "partial") continue;
      const guards = route.guards.filter(({ kind }) => !BESIDE_ACCESS.has(kind));
      if (guards.some((guard) => guard.effect === "unknown" || refuses(guard))) continue;
      const open = guards.find((guard) => guard.effect === "allow-any");
      const byNature = OPEN_BY_NATURE.test(route.path);
      yield finding({
        rule: this.id,
        severity: byNature ? "info" : open ? "warning" : "error",
        message: open
          ? `${route.method} ${route.path} changes data and is open to anyone by ${open.name}.`
          : `${route.method} ${route.path} changes data and no guard was found for it.`,
        object: route,
        detail: "",
        source: open?.source ?? route.handlerSource ?? route,
        evidence: [
          guards.length > 0
            ? `guards: ${guards.map((guard) => `${guard.name} (${guard.scope})`).join(", ")}`
            : "guards: none",
          ...siblingEvidence(route, catalog.routes),
        ],
        fix: null,
        notChecked: "guards outside the workspace (gateway, proxy) and checks inside the handler",
      });
    }
  },
};

/** What only finds out who calls has the effect `identify`. */
function refuses({ kind, effect }: Guard): boolean {
  return effect === "require" && !BESIDE_ACCESS.has(kind);
}

function siblingEvidence(route: Route, routes: readonly Route[]): readonly string[] {
  const owner = route.handler.slice(0, route.handler.lastIndexOf("."));
  const guarded = routes.filter(
    (other) =>
      other.id !== route.id &&
      owner !== "" &&
      other.handler.startsWith(`${owner}.`) &&
      other.guards.some(refuses),
  );
  const [first] = guarded;
  return first
    ? [
        `sibling ${first.method} ${first.path} demands ${first.guards
          .filter(refuses)
          .map((guard) => guard.name)
          .join(", ")}`,
      ]
    : [];
}
