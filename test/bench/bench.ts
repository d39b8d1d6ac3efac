/** One measured thing. */
export interface BenchRow {
  readonly what: string;
  /** With its unit. */
  readonly value: string;
  /** The bar it is held against, for people; timing never fails a test. */
  readonly bar?: string;
  /** Whether the value is within the bar. */
  readonly met?: boolean;
  /** What other tools take for the same, with their versions. */
  readonly peer?: string;
}

export interface Bench {
  readonly title: string;
  run(): Promise<readonly BenchRow[]>;
}

/** The value below which a share of the samples lies; `share` from 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}
