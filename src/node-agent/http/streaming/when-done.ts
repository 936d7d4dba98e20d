import { callbackify } from "node:util";

/** Tells a stream's callback how a promise ended. */
export function whenDone(work: Promise<void>, done: (error?: Error | null) => void): void {
  callbackify(() => work)(done);
}
