/** What was never tried, in words for who does not know the names of decisions. */

/** Further ones are counted. */
export const UNTAKEN_TOLD_MAX = 10;

/** The first ones, and how many there are beside: `call: conflict, ... and 3 more`. */
export function untakenText(untaken: readonly string[]): string {
  const told = untaken.slice(0, UNTAKEN_TOLD_MAX).map(inWords).join(", ");
  const left = untaken.length - UNTAKEN_TOLD_MAX;
  return left > 0 ? `${told} and ${left} more` : told;
}

/** `world: 10min` as `world: a process is started again after 10min`. */
function inWords(option: string): string {
  const [, kind = "", taken = option] = /^([a-z]+): (.*)$/.exec(option) ?? [];
  const text = WORDS[kind]?.(taken);
  return text === undefined ? option : `${kind}: ${text}`;
}

const WORDS: Readonly<Record<string, (taken: string) => string | undefined>> = {
  world: worldText,
  lag: (taken) => `what a view is told comes ${taken} late`,
  latency: (taken) => `a call or its answer is under way for ${taken}`,
  list: (taken) => `a replica that is ${taken}`,
  pace: (taken) => `the next operation comes after ${taken}`,
};

function worldText(taken: string): string | undefined {
  if (taken === "at once") return "a process is started again at once";
  if (/^\d/.test(taken)) return `a process is started again after ${taken}`;
  const jump = /^clock (.*)$/.exec(taken)?.[1];
  if (jump !== undefined) return `the clock of a process jumps by ${jump}`;
  return PROCESS_ACTS.has(taken) ? `${taken} of a process` : undefined;
}

const PROCESS_ACTS: ReadonlySet<string> = new Set(["crash", "pause 40s", "partition 30s"]);
