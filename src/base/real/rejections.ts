/**
 * Promises that are rejected while nobody handles it, and who answers for them: for programs that
 * run others inside of them. Without that, Node ends the program.
 */

type Listener = (reason: unknown, promise: Promise<unknown>) => void;

let holders = 0;
let answers: ((reason: unknown) => void) | undefined;
let others: readonly Listener[] = [];

/**
 * From now on such rejections go to whom `rejectionsGoTo` names; where it names nobody, to those
 * who listened before. The function that is answered ends that.
 */
export function holdRejections(): () => void {
  holders += 1;
  if (holders === 1) {
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", hear);
  }
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (holders > 0) return;
    answers = undefined;
    process.off("unhandledRejection", hear);
    for (const listener of others) process.on("unhandledRejection", listener);
    others = [];
  };
}

/** Whose code runs from now on, in this turn of the event loop and the next ones. */
export function rejectionsGoTo(listener: (reason: unknown) => void): void {
  answers = listener;
}

const hear: Listener = (reason, promise) => {
  if (answers !== undefined) {
    answers(reason);
    return;
  }
  if (others.length === 0) throw reason; // as Node does where nobody listens
  for (const listener of others) listener(reason, promise);
};
