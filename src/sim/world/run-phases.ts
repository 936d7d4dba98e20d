/** How long the parts of a run may last, in virtual milliseconds. */

/** Without a write for so long, and with nothing under way, a system is at rest. */
export const REST_MS = 30_000;
/** Longest wait for rest between two operations while faults strike. */
export const PAUSE_MS_MAX = 600_000;
/** After all is mended, by now the system is at rest or never will be. */
export const HEAL_MS_MAX = 3_600_000;
/** Processes that are asked to end have so long. */
export const STOP_MS_MAX = 60_000;

/** Afterwards nothing may change for so long. */
export const STABLE_MS = 600_000;
