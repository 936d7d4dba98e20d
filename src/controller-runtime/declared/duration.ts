/** Durations as options of controllers have them. */
export { milliseconds, type Duration } from "../../base/duration.ts";
