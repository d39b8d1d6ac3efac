import * as z from "zod";
import { guardVerdict } from "../../flows/facts/route-lines.ts";
import { defineTool } from "./tool.ts";

export const listRoutes = defineTool({
  name: "list_routes",
  description: "All routes of the workspace: method, path, handler, what guards them, file.",
  input: z.strictObject({ path: z.string().default("").describe("only paths that contain this") }),
  execute: async ({ path }, { workspace, signal }) => {
    const { catalog } = await workspace.view(signal);
    const routes = catalog.routes.filter((route) => route.path.includes(path));
    if (routes.length === 0) return { output: "No such routes were found in this workspace." };
    return {
      output: routes
        .map(
          (route) =>
            `${route.method} ${route.path} · ${route.handler} · ${guardVerdict(route.guards)} · ${route.uri}:${route.range.start.line + 1}`,
        )
        .join("\n"),
    };
  },
});
