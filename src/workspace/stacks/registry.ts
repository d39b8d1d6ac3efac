import type { Stack } from "./stack.ts";

/** Every framework that is understood. A new one is added here and nowhere else. */
export const STACKS: readonly Stack[] = [];
