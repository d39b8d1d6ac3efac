import { isAbsolute, relative } from "node:path";

/** Whether a path is a folder or lies below it. Both are absolute; links are the caller's business. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way));
}
