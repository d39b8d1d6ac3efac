import { lstat, readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { AksaraError } from "../../errors.ts";
import { IgnoreRules } from "../../workspace/index/ignore-rules.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { isWithin } from "../../workspace/is-within.ts";
import { isSecretFile } from "../../workspace/secret-files.ts";

/** A place in the workspace that a tool may look at. */
export interface Place {
  /** Relative to the workspace folder, with forward slashes; of several folders with the folder's name before it. */
  readonly uri: string;
  /** Absolute, with every link resolved. */
  readonly path: string;
  readonly root: WorkspaceRoot;
  readonly exists: boolean;
}

/** Characters that are not seen, and that some file systems leave out of names. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const SECRET_FOLDERS = /^(?:\.ssh|\.aws|\.gnupg|\.azure|\.kube|\.docker|\.gcloud|\.config)$/;
/** Where a change can make other programs run something, or loosen what guards them. */
const PROTECTED =
  /^(?:\.git|\.hg|\.svn|\.vscode|\.idea|\.aksara|\.github|\.gitlab|\.circleci|\.buildkite|\.husky|\.devcontainer|\.ci|ci)(?:\/|$)|^(?:\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile|\.drone\.ya?ml|\.pre-commit-config\.ya?ml|\.gitattributes|\.gitmodules|\.npmrc|\.envrc|\.aksaraignore)$/;

/**
 * The place that a path given by a model means. It is judged by what it really is: links resolved, in the case in which
 * the disk has it.
 * @throws PATH_REFUSED for anything outside the workspace, SECRET_REFUSED for what holds secrets
 */
export async function placeOf(roots: readonly WorkspaceRoot[], given: string): Promise<Place> {
  const plain = plainPath(given);
  const { root, rest } = await rootOf(roots, plain, given);
  const rootPath = await realpath(root.path);
  const { path, exists } = await realPlace(join(rootPath, ...rest.split("/")));
  if (!isWithin(path, rootPath)) throw refused(given, "it leads out of the workspace");
  const inRoot = relative(rootPath, path).split(sep).join("/");
  const uri = roots.length > 1 ? (inRoot === "" ? root.name : `${root.name}/${inRoot}`) : inRoot;
  for (const name of [rest, inRoot]) if (holdsSecrets(name)) throw secret(given);
  if (await isKeptFromReading(rootPath, inRoot)) throw secret(given);
  return { uri, path, root, exists };
}

/** Whether a change of this file always needs a person: version control, editor, CI, and our own settings. */
export function isProtected(uri: string, roots: readonly WorkspaceRoot[]): boolean {
  const inRoot = roots.length > 1 ? uri.split("/").slice(1).join("/") : uri;
  const folded = fold(inRoot);
  // A repository inside the workspace has hooks of its own.
  return PROTECTED.test(folded) || folded.split("/").some((name) => name === ".git" || name === ".husky");
}

/** Whether a file's content never leaves the machine, by its name or a folder it is in. */
export function holdsSecrets(uri: string): boolean {
  const names = fold(uri).split("/");
  return names.some((name, at) => (at === names.length - 1 ? isSecretFile(name) : SECRET_FOLDERS.test(name)));
}

/** As a file system without case and without invisible characters would take a name. */
function fold(uri: string): string {
  return uri.normalize("NFKC").replace(INVISIBLE, "").toLowerCase();
}

function plainPath(given: string): string {
  if (given.includes("\0")) throw refused(given, "it holds a NUL character");
  if (given.length > 4_096) throw refused(given.slice(0, 80), "it is too long");
  if (/^[\\/]{2}/.test(given)) throw refused(given, "network paths are not read");
  if (/^[A-Za-z]:/.test(given)) throw refused(given, "paths of a drive are not read");
  if (given.includes("\\")) throw refused(given, "write it with forward slashes");
  const names = given.split("/");
  for (const name of names) {
    if (name.includes(":")) throw refused(given, "a name may not hold a colon");
    if (DEVICE.test(name)) throw refused(given, `"${name}" is the name of a device`);
    if (name !== "." && name !== ".." && /[. ]$/.test(name))
      throw refused(given, "a name may not end with a dot or a space");
  }
  return given;
}

/** The workspace folder that a path starts in, and the way from there without `.` and `..`. */
async function rootOf(
  roots: readonly WorkspaceRoot[],
  plain: string,
  given: string,
): Promise<{ readonly root: WorkspaceRoot; readonly rest: string }> {
  if (isAbsolute(plain)) {
    const { path } = await realPlace(plain);
    for (const root of roots) {
      const rootPath = await realpath(root.path);
      // Written through a link to the folder, or as the folder really lies.
      for (const [place, base] of [
        [path, rootPath],
        [plain, root.path],
      ] as const)
        if (isWithin(place, base))
          return { root, rest: climbed(relative(base, place).split(sep).join("/"), given) };
    }
    throw refused(given, "it is absolute and outside the workspace");
  }
  const [only] = roots;
  if (only && roots.length === 1) return { root: only, rest: climbed(plain, given) };
  const way = climbed(plain, given);
  const root = roots.find(({ name }) => way === name || way.startsWith(`${name}/`));
  if (root) return { root, rest: way.slice(root.name.length + 1) };
  throw refused(given, `it starts with none of the folders ${roots.map(({ name }) => name).join(", ")}`);
}

function climbed(way: string, given: string): string {
  const names: string[] = [];
  for (const name of way.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) throw refused(given, "it climbs out of the workspace");
  }
  return names.join("/");
}

/** The path with links resolved as far as it exists; what does not exist yet is taken as written. */
async function realPlace(path: string): Promise<{ readonly path: string; readonly exists: boolean }> {
  const missing: string[] = [];
  let at = path;
  for (;;) {
    try {
      return { path: join(await realpath(at), ...missing), exists: missing.length === 0 };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ELOOP") throw refused(path, "its links lead in a circle");
      if (code !== "ENOENT" && code !== "ENOTDIR") throw refused(path, message);
      if (code === "ENOTDIR") throw refused(path, "a file stands where it wants a folder");
      // A link to nowhere: a file made there would lie where the link says.
      if (await isDanglingLink(at)) throw refused(path, "a link on the way leads to nowhere");
      const up = dirname(at);
      if (up === at) return { path, exists: false };
      missing.unshift(basename(at));
      at = up;
    }
  }
}

async function isDanglingLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isSymbolicLink() === true;
}

/** Whether `.aksaraignore` of the folder or one above says so. */
async function isKeptFromReading(rootPath: string, inRoot: string): Promise<boolean> {
  const names = inRoot === "" ? [] : inRoot.split("/");
  for (let depth = 0; depth < names.length; depth++) {
    const folder = join(rootPath, ...names.slice(0, depth));
    const text = await readFile(join(folder, ".aksaraignore"), "utf8").catch(() => null);
    if (text === null) continue;
    const rules = new IgnoreRules(text);
    // What lies below an excluded folder is excluded with it.
    for (let end = depth + 1; end <= names.length; end++)
      if (rules.decide(names.slice(depth, end).join("/"), end < names.length) === true) return true;
  }
  return false;
}

function refused(given: string, why: string): AksaraError {
  return new AksaraError("PATH_REFUSED", `The path ${JSON.stringify(given)} is refused: ${why}.`, {
    hint: "Give a path relative to the workspace folder, with forward slashes.",
  });
}

function secret(given: string): AksaraError {
  return new AksaraError(
    "SECRET_REFUSED",
    `${JSON.stringify(given)} may hold secrets, so it is not touched.`,
    {
      hint: "Work without it. If you need a name from it, ask the person.",
    },
  );
}
