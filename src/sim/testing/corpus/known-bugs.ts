/** The corpus: what a simulator that is worth its name finds without hints. */
import { COUNTING_BUGS } from "./counting-bugs.ts";
import { DELETING_BUGS } from "./deleting-bugs.ts";
import { ERROR_BUGS } from "./error-bugs.ts";
import type { KnownBug } from "./known-bug.ts";
import { MEMORY_BUGS } from "./memory-bugs.ts";
import { WRITING_BUGS } from "./writing-bugs.ts";

export const KNOWN_BUGS: readonly KnownBug[] = [
  ...COUNTING_BUGS,
  ...DELETING_BUGS,
  ...MEMORY_BUGS,
  ...WRITING_BUGS,
  ...ERROR_BUGS,
];
