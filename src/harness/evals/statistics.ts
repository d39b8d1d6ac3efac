/** Two-sided, for 95 %. */
const Z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of a rate: honest for few runs, and for all or none. The whole range where there was none. */
export function wilsonInterval(passed: number, runs: number): Interval {
  if (runs === 0) return { low: 0, high: 1 };
  const rate = passed / runs;
  const spread = Z * Math.sqrt((rate * (1 - rate)) / runs + (Z * Z) / (4 * runs * runs));
  const middle = rate + (Z * Z) / (2 * runs);
  const scale = 1 + (Z * Z) / runs;
  return {
    low: passed === 0 ? 0 : rounded((middle - spread) / scale),
    high: passed === runs ? 1 : rounded((middle + spread) / scale),
  };
}

/** How likely one of `k` runs passes, from `runs` of which `passed` did: unbiased. @throws RangeError where k is over runs */
export function passAtK(passed: number, runs: number, k: number): number {
  if (k < 1 || k > runs) throw new RangeError(`${k} of ${runs} runs`);
  let allFail = 1;
  for (let at = 0; at < k; at++) allFail *= Math.max(0, runs - passed - at) / (runs - at);
  return rounded(1 - allFail);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Six digits: more would only show how a computer divides. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
