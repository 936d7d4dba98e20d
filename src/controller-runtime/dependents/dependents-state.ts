/** What a reconcile sees of its dependents, and how they are told of in a condition. */

/** How one dependent is after a run. */
export type DependentState = {
  readonly name: string;
  readonly state:
    /** There, and ready. */
    | "ready"
    /** There, and not ready yet. */
    | "unready"
    /** Not begun: something before it is not ready, or something after it not gone. */
    | "blocked"
    /** Its deletion has begun. */
    | "going"
    /** Not wanted, and not there. */
    | "gone"
    /** The garbage collector takes it after its owner. */
    | "left"
    | "failed";
  /** In words for people, where there is something to say. */
  readonly why?: string;
};

/** How all dependents of an object are, as their last turn has found them. */
export type DependentsState = {
  /** Whether all that is wanted is ready and all else is gone. */
  readonly isReady: boolean;
  /** Each after those it depends on. */
  readonly all: readonly DependentState[];
  /** Nothing tells of a change of some of them: look again after this long at the latest. */
  readonly pollMs?: number;
};

/** A declared dependent, as far as it can be asked for what was found. */
export type Findable<Found> = {
  readonly name: string;
  /** `owner`: what stands for the owner in this controller. */
  readonly foundFor: (owner: object) => Found | undefined;
};

/** `ctx.dependents` */
export interface Dependents {
  /**
   * Goes through them in their order, as far as things are ready; at the deletion of the owner
   * backwards. Once in a run: a second call answers the same. A reconcile that never calls it has
   * it done right after. Rejects with the first failure, when all that could go on has.
   */
  run(): Promise<DependentsState>;
  /** What a dependent was when it was last looked at; undefined: never, or it is gone. */
  found<Found>(dependent: Findable<Found>): Found | undefined;
}

/** Of a controller without dependents. */
export const NO_DEPENDENTS: Dependents = {
  run: () => Promise.resolve({ isReady: true, all: [] }),
  found: () => undefined,
};

/** Dependents that a message names; of more it says how many. */
export const NAMED_MAX = 5;
/** Of what one of them says: the rest is in the log. */
export const WHY_LENGTH_MAX = 300;

export type Told = {
  readonly isTrue: boolean;
  readonly reason: "AllReady" | "Waiting" | "Removing" | "Failed";
  readonly message: string;
};

/** As a condition says it. The same state gives the same words. */
export function told({ all, isReady }: DependentsState): Told {
  const of = (state: DependentState["state"]): readonly DependentState[] =>
    all.filter((one) => one.state === state);
  const [failed, unready, going, blocked] = [
    of("failed"),
    of("unready"),
    of("going"),
    of("blocked"),
  ];
  const behind = blocked.length === 0 ? "" : `; behind it: ${names(blocked)}`;
  const message = `${reasons([...failed, ...unready, ...going])}${behind}`;
  if (failed.length > 0) return { isTrue: false, reason: "Failed", message };
  if (unready.length > 0) return { isTrue: false, reason: "Waiting", message };
  if (going.length > 0) return { isTrue: false, reason: "Removing", message };
  if (!isReady)
    return { isTrue: false, reason: "Waiting", message: `not begun: ${names(blocked)}` };
  const ready = of("ready").length;
  const text = ready === 0 ? "nothing is wanted" : `${ready} of ${ready} are ready`;
  return { isTrue: true, reason: "AllReady", message: text };
}

function reasons(states: readonly DependentState[]): string {
  const texts = states.map(({ name, why }) =>
    why === undefined ? name : `${name}: ${clipped(why)}`,
  );
  return shortened(texts, "; ");
}

function names(states: readonly DependentState[]): string {
  return shortened(
    states.map(({ name }) => name),
    ", ",
  );
}

function clipped(text: string): string {
  return text.length > WHY_LENGTH_MAX ? `${text.slice(0, WHY_LENGTH_MAX)}…` : text;
}

function shortened(texts: readonly string[], separator: string): string {
  const rest = texts.length - NAMED_MAX;
  const shown = texts.slice(0, NAMED_MAX).join(separator);
  return rest > 0 ? `${shown}${separator}and ${rest} more` : shown;
}
