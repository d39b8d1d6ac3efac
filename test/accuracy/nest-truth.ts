/**
 * Asks Nest which routes an application serves, and prints them as one JSON document:
 *
 *     node test/accuracy/nest-truth.ts FOLDER PROJECT_FILE > truth.json
 *
 * FOLDER is one in which `npm i @nestjs/common@11 @nestjs/core@11 @nestjs/swagger@11 @nestjs/mapped-types
 * reflect-metadata rxjs class-validator class-transformer typescript@5` was run. PROJECT_FILE is the JSON of a
 * `NestProject`. The modules are gone through from the root; paths are made by Nest's own explorer and path factory from
 * the metadata that its decorators leave. Guards are those of controllers and methods, by name.
 */
import { writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isStandIn, loadableProject, type ProjectToLoad } from "./load-project.ts";

interface NestProject extends ProjectToLoad {
  /** File of the root module, from the root. */
  readonly module: string;
  readonly prefix?: string;
  /** Options of `enableVersioning` for versions in the path. */
  readonly versioning?: { readonly defaultVersion?: string; readonly prefix?: string };
}

type Class = { readonly name: string; readonly prototype: object };

interface Metadata {
  getMetadata(key: string, of: object): unknown;
}

interface FoundMethod {
  readonly path: readonly string[];
  readonly requestMethod: number;
  readonly methodName: string;
  readonly targetCallback: object;
  readonly version?: unknown;
}

interface ApplicationConfig {
  setGlobalPrefix(prefix: string): void;
  getGlobalPrefix(): string;
  enableVersioning(options: object): void;
  getVersioning(): { readonly defaultVersion?: unknown } | undefined;
}

const [folder, projectFile] = process.argv.slice(2);
if (folder === undefined || projectFile === undefined) throw new Error("Usage: nest-truth.ts FOLDER PROJECT");
const project = JSON.parse(await readFile(projectFile, "utf8")) as NestProject;
const require = loadableProject(folder, project);
require("reflect-metadata");
const metadata = Reflect as unknown as Metadata;
const core = require("@nestjs/core") as {
  readonly ApplicationConfig: new () => ApplicationConfig;
  readonly MetadataScanner: new () => object;
};
const { RequestMethod, VersioningType } = require("@nestjs/common") as {
  readonly RequestMethod: Readonly<Record<number, string>>;
  readonly VersioningType: { readonly URI: number };
};
const { flattenRoutePaths } = require("@nestjs/core/router/utils/flatten-route-paths.util") as {
  flattenRoutePaths(routes: readonly unknown[]): readonly { readonly module: Class; readonly path: string }[];
};
const { RoutePathFactory } = require("@nestjs/core/router/route-path-factory") as {
  readonly RoutePathFactory: new (
    config: ApplicationConfig,
  ) => { create(parts: object, method: number): readonly string[] };
};
const { PathsExplorer } = require("@nestjs/core/router/paths-explorer") as {
  readonly PathsExplorer: new (
    scanner: object,
  ) => { scanForPaths(instance: object, prototype: object): readonly FoundMethod[] };
};

const modules = new Map<Class, Set<Class>>();
const routing: unknown[] = [];
await visit((require(path.join(project.root, project.module)) as { readonly AppModule: unknown }).AppModule);
const config = new core.ApplicationConfig();
config.setGlobalPrefix(project.prefix ?? "");
if (project.versioning)
  config.enableVersioning({ type: VersioningType.URI, prefix: "v", ...project.versioning });
const modulePaths = new Map(flattenRoutePaths(routing).map((entry) => [entry.module, entry.path]));
const factory = new RoutePathFactory(config);
const explorer = new PathsExplorer(new core.MetadataScanner());
const routes = [...modules].flatMap(([module, controllers]) =>
  [...controllers].flatMap((controller) => routesOf(controller, modulePaths.get(module))),
);
writeSync(1, JSON.stringify({ models: {}, routes, migrations: [] }, null, 1));
process.exit(0);

/** A module, a dynamic one, a promise of one, `forwardRef(() => …)`; what stands in for a package is none. */
async function visit(written: unknown): Promise<void> {
  if (written === undefined || written === null || isStandIn(written)) return;
  const awaited: unknown = await written;
  if (typeof awaited === "object" && awaited !== null && "forwardRef" in awaited) {
    await visit((awaited.forwardRef as () => unknown)());
    return;
  }
  const dynamic = typeof awaited === "object" && awaited !== null && "module" in awaited ? awaited : {};
  const module: unknown = "module" in dynamic ? dynamic.module : awaited;
  if (!isClass(module) || isStandIn(module) || (modules.has(module) && module === awaited)) return;
  const known = modules.get(module) ?? new Set<Class>();
  modules.set(module, known);
  for (const controller of listed(module, dynamic, "controllers")) known.add(controller as Class);
  for (const provider of listed(module, dynamic, "providers")) {
    const value =
      typeof provider === "object" && provider !== null && "useValue" in provider ? provider.useValue : null;
    if (module.name === "RouterModule" && Array.isArray(value)) routing.push(...value);
  }
  for (const imported of listed(module, dynamic, "imports")) await visit(imported);
}

function isClass(value: unknown): value is Class {
  return typeof value === "function";
}

function listed(module: Class, dynamic: object, key: string): readonly unknown[] {
  const lists = [metadata.getMetadata(key, module), (dynamic as Readonly<Record<string, unknown>>)[key]];
  return lists.flatMap((list) => (Array.isArray(list) ? list : [])).filter((item) => !isStandIn(item));
}

function routesOf(controller: Class, modulePath: string | undefined) {
  const written = metadata.getMetadata("path", controller);
  if (written === undefined) return [];
  const versioning = config.getVersioning();
  const controllerVersion = metadata.getMetadata("__version__", controller) ?? versioning?.defaultVersion;
  const methods = explorer.scanForPaths(Object.create(controller.prototype) as object, controller.prototype);
  return methods.flatMap((method) =>
    [written].flat().flatMap((ctrlPath) =>
      method.path.flatMap((methodPath) =>
        factory
          .create(
            {
              ctrlPath,
              methodPath,
              modulePath,
              globalPrefix: config.getGlobalPrefix(),
              controllerVersion,
              methodVersion: method.version,
              versioningOptions: versioning,
            },
            method.requestMethod,
          )
          .map((full) => ({
            path: [full],
            methods: [RequestMethod[method.requestMethod]?.replace(/^ALL$/, "ANY")],
            own: true,
            handler: `${controller.name}.${method.methodName}`,
            guards: [controller, method.targetCallback].flatMap(guardsOf),
          })),
      ),
    ),
  );
}

function guardsOf(of: object): readonly string[] {
  const guards = metadata.getMetadata("__guards__", of);
  return (Array.isArray(guards) ? guards : []).map(
    (guard: { name?: string; constructor: { name: string } }) =>
      typeof guard === "function" ? (guard as Class).name : guard.constructor.name,
  );
}
