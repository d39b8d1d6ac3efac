// Mocha's spec reporter, which also leaves the counts and what failed in a file. CommonJS: mocha loads reporters with require().
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on("fail", (test, error) => {
      failed.push({ title: test.fullTitle(), why: String(error?.stack ?? error?.message ?? error) });
    });
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      const counts = { passed: passes, failed: failures, skipped: pending, failures: failed };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
};
