import { folderOf } from "../../languages/typescript/module-location.ts";

const APP_ROUTE = /(?:^|\/)app\/(?:.*\/)?route\.(?:ts|js|tsx|jsx|mjs)$/;
const PAGES_ROUTE = /(?:^|\/)pages\/api\/.+\.(?:ts|js|tsx|jsx)$/;
const MIDDLEWARE = /(?:^|\/)(?:middleware|proxy)\.(?:ts|js|mjs)$/;
const CONFIG = /(?:^|\/)next\.config\.(?:js|mjs|cjs|ts|mts)$/;

/** A route of the catalog below a project of Next.js. */
export interface RoutePlace {
  readonly kind: "app" | "pages";
  /** Folder of the project; "" for the workspace itself. */
  readonly project: string;
  /** Path as Next.js writes it: `/api/users/[id]`. */
  readonly path: string;
}

/** A file that may hold routes or the middleware of Next.js, by its place. */
export function isNextFile(uri: string): boolean {
  return APP_ROUTE.test(uri) || PAGES_ROUTE.test(uri) || MIDDLEWARE.test(uri);
}

export function isNextConfig(uri: string): boolean {
  return CONFIG.test(uri);
}

/** Where a file is among the routes of Next.js; null when its place makes it none. @param projects folders with a package.json */
export function routePlace(uri: string, projects: ReadonlySet<string>): RoutePlace | null {
  const project = projectOf(uri, projects);
  const inside = project === "" ? uri : uri.slice(project.length + 1);
  const app = APP_ROUTE.test(uri)
    ? (/^(?:src\/)?app\/(.*)$/.exec(inside) ?? /(?:^|\/)app\/(.*)$/.exec(inside))
    : null;
  if (app) {
    const path = appPath(folderOf(app[1] ?? ""));
    return path === null ? null : { kind: "app", project, path };
  }
  const pages = PAGES_ROUTE.test(uri) ? /(?:^|\/)pages\/(api\/.+)\.\w+$/.exec(inside) : null;
  if (!pages) return null;
  return { kind: "pages", project, path: `/${pages[1] ?? ""}`.replace(/\/index$/, "") };
}

/** The folder of the project that the middleware in a file is for; null for another file of that name. */
export function middlewareProject(uri: string, projects: ReadonlySet<string>): string | null {
  if (!MIDDLEWARE.test(uri)) return null;
  const folder = folderOf(uri).replace(/(?:^|\/)src$/, "");
  return projects.has(folder) || folder === "" ? folder : null;
}

export function projectOf(uri: string, projects: ReadonlySet<string>): string {
  for (let folder = folderOf(uri); folder !== ""; folder = folderOf(folder)) {
    if (projects.has(folder)) return folder;
  }
  return "";
}

/** Groups and slots are no part of the path; a private folder has no routes. */
function appPath(folder: string): string | null {
  const segments = folder.split("/").filter((segment) => segment !== "" && !/^\(.*\)$|^@/.test(segment));
  if (segments.some((segment) => segment.startsWith("_"))) return null;
  return `/${segments.map((segment) => segment.replaceAll("%5F", "_").replace(/^\(\.+\)/, "")).join("/")}`;
}

/** Names in brackets; of `[[...name]]` nothing need be there. */
export function bracketParameters(
  path: string,
): readonly { readonly name: string; readonly required: boolean }[] {
  return [...path.matchAll(/\[(\[)?(?:\.\.\.)?([^\]]+)\]\]?/g)].map((match) => ({
    name: match[2] ?? "",
    required: match[1] === undefined,
  }));
}
