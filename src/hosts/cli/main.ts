#!/usr/bin/env node
/**
 * The `aksara` command. This file must parse on any Node since 12, so that an old one gets one clear line instead of
 * a syntax error: everything else is loaded after the version was looked at.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`aksara needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { runCli } = await import("./run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
