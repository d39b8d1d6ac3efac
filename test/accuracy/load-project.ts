import { existsSync, readFileSync, statSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";

/** A project that is to be asked, as a JSON file says it. */
export interface ProjectToLoad {
  readonly root: string;
  /** What import specifiers stand for, by path from the root: `["@shop/*", "libs/*"]`. */
  readonly aliases?: readonly (readonly [pattern: string, target: string])[];
  readonly env?: Readonly<Record<string, string>>;
}

interface CommonJsModule {
  readonly filename: string | null;
  _compile(code: string, file: string): void;
}

interface Loader {
  _load(request: string, parent: CommonJsModule | null, isMain: boolean): unknown;
  readonly _extensions: Record<string, (module: CommonJsModule, file: string) => void>;
}

interface Transpiler {
  transpileModule(text: string, options: object): { readonly outputText: string };
}

const ENDINGS = ["", ".ts", ".tsx", ".mjs", ".js", ".json", "/index.ts", "/index.mjs", "/index.js"];
const COMPILER = {
  module: "commonjs",
  target: "es2022",
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  useDefineForClassFields: false,
  allowJs: true,
};

/**
 * Makes the files of a project loadable without its packages: those of `folder` are real, any other is replaced by
 * something that answers whatever it is asked. Gives the `require` of that folder.
 * @param folder where the packages that are to be real were installed, and `typescript` 5 to turn files into JavaScript
 */
export function loadableProject(
  folder: string,
  { root, aliases = [], env = {} }: ProjectToLoad,
): NodeJS.Require {
  Object.assign(process.env, env);
  // What the project prints is not the answer.
  console.log = console.error;
  console.info = console.error;
  const require = createRequire(path.join(path.resolve(folder), "index.js"));
  const loader = require("node:module") as Loader;
  const typescript = require("typescript") as Transpiler;
  const paths = require("node:path") as Record<"join" | "resolve", (...parts: unknown[]) => string>;
  for (const name of ["join", "resolve"] as const) {
    const before = paths[name];
    paths[name] = (...parts) => before(...parts.map((part) => (typeof part === "string" ? part : "unknown")));
  }
  const load = loader._load;
  const standIns = new Map<string, unknown>();
  loader._load = (request, parent, isMain) => {
    const from = parent?.filename ?? "";
    const isOwn = from.startsWith(root) && !from.includes("/node_modules/");
    if (!isOwn || builtinModules.includes(request.replace(/^node:/, "")))
      return load.call(loader, request, parent, isMain);
    const file = request.startsWith(".")
      ? existing(path.resolve(path.dirname(from), request))
      : aliased(root, aliases, request);
    if (file !== null) return load.call(loader, file, parent, isMain);
    try {
      return load.call(loader, require.resolve(request), parent, isMain);
    } catch {
      const known = standIns.get(request) ?? standIn(request);
      standIns.set(request, known);
      return known;
    }
  };
  for (const ending of [".ts", ".tsx", ".js", ".mjs"]) {
    const before = loader._extensions[ending];
    loader._extensions[ending] = (module, file) => {
      const isOwn = file.startsWith(root) && !file.includes("/node_modules/");
      if (!isOwn && before) return before(module, file);
      const text = readFileSync(file, "utf8").replaceAll(
        "import.meta",
        '({ url: "file:///", dirname: "/" })',
      );
      module._compile(
        typescript.transpileModule(text, {
          fileName: file.replace(/\.mjs$/, ".js"),
          compilerOptions: COMPILER,
        }).outputText,
        file,
      );
    };
  }
  return require;
}

/** Made by `loadableProject` in place of a package that is not there. */
export function isStandIn(value: unknown): boolean {
  return (
    (typeof value === "function" || typeof value === "object") &&
    value !== null &&
    STAND_IN in value &&
    STAND_INS.has(value)
  );
}

const STAND_IN = Symbol("stand-in");
const STAND_INS = new WeakSet<object>();
/** What others ask to find out what a value is: a stand-in is nothing in particular. */
const DENIED = new Set<string | symbol>([
  "then",
  "instanceOfSchema",
  "modelName",
  "schema",
  Symbol.toStringTag,
]);

function standIn(name: string): unknown {
  const members = new Map<string | symbol, unknown>();
  const made: object = new Proxy(function named() {}, {
    get(target, key) {
      if (key === "prototype") return target.prototype;
      if (key === "__esModule") return true;
      if (key === "name") return name.replace(/^.*\./, "");
      if (key === "length") return 0;
      if (DENIED.has(key)) return undefined;
      if (key === Symbol.toPrimitive) return () => name;
      if (key === Symbol.iterator) return function* none() {};
      if (key === "call" || key === "apply" || key === "bind") return Function.prototype[key];
      if (key === "toString") return () => name;
      if (typeof key === "symbol") return undefined;
      if (/^(?:map|filter|flatMap|slice|concat)$/.test(key)) return () => [];
      const member = members.get(key) ?? standIn(`${name}.${key}`);
      members.set(key, member);
      return member;
    },
    has: () => true,
    set(_target, key, value) {
      members.set(key, value);
      return true;
    },
    apply: (_target, _self, args: unknown[]) => (isDecorating(args) ? undefined : standIn(`${name}()`)),
    construct: () => standIn(`new ${name}`) as object,
  });
  STAND_INS.add(made);
  return made;
}

/** A decorator gives nothing back: what it is put on stays. */
function isDecorating(args: readonly unknown[]): boolean {
  const [target, key] = args;
  const isObject = (typeof target === "object" && target !== null) || typeof target === "function";
  if (args.length > 1 && args.length <= 3)
    return isObject && (key === undefined || typeof key === "string" || typeof key === "symbol");
  return (
    args.length === 1 &&
    typeof target === "function" &&
    /^class\b/.test(Function.prototype.toString.call(target))
  );
}

function aliased(
  root: string,
  aliases: readonly (readonly [string, string])[],
  request: string,
): string | null {
  for (const [pattern, target] of aliases) {
    const start = pattern.replace(/\*$/, "");
    const fits = pattern.endsWith("*") ? request.startsWith(start) : request === pattern;
    const file = fits ? existing(path.join(root, target.replace("*", request.slice(start.length)))) : null;
    if (file !== null) return file;
  }
  return null;
}

function existing(base: string): string | null {
  const candidates = [...ENDINGS.map((ending) => base + ending), base.replace(/\.js$/, ".ts")];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile()) ?? null;
}
