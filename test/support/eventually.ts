import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/** As long as a window of a slow machine may need to show what it was told, in milliseconds. */
const LIMIT_MS = 10_000;

/**
 * Assertions about what a window shows some time after a press: they read until what they read is right, and fail as
 * the assertion on the last reading fails. What is right from the start, such as that nothing is there, is read once.
 */
export const eventually = {
  equal: <T>(read: () => Promise<T>, expected: T, message?: string) =>
    holds(read, (value) => assert.equal(value, expected, message)),
  deepEqual: <T>(read: () => Promise<T>, expected: unknown, message?: string) =>
    holds(read, (value) => assert.deepEqual(value, expected, message)),
  match: (read: () => Promise<string>, expected: RegExp, message?: string) =>
    holds(read, (value) => assert.match(value, expected, message)),
};

async function holds<T>(read: () => Promise<T>, check: (value: T) => void): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await read();
    try {
      return check(value);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await delay(50);
  }
}
