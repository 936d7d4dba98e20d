/**
 * Decisions by chance. Each run is a mix of its own ("swarm"): some classes of faults are off, some
 * options of the others are off, and how often one strikes differs by orders of magnitude. A mix in
 * which everything is on hides the defects that need some faults to be absent.
 */
import type { ChoiceClass, ChoiceSource } from "./choices.ts";
import { type RandomStream, randomStream } from "./random-stream.ts";

/** How likely a decision of a class that is on is not calm. */
const RATES: readonly number[] = [0.003, 0.01, 0.03, 0.1, 0.3];

/** A class is off in half of the runs, and so is each of its options. */
const ON = 0.5;

export type RandomSourceOptions = {
  /** Classes that may be on (default: all). */
  readonly allowed?: ReadonlySet<ChoiceClass>;
  /** Of these, classes that are on whatever the mix (default: none). */
  readonly always?: ReadonlySet<ChoiceClass>;
};

/** Decides by chance from a seed: the same seed decides the same. */
export function randomSource(seed: number, options: RandomSourceOptions = {}): ChoiceSource {
  const mixOf = new Map<ChoiceClass, Mix>();
  const mix = (kind: ChoiceClass): Mix => {
    const known = mixOf.get(kind);
    if (known !== undefined) return known;
    const stream = randomStream(seed, `mix of ${kind}`);
    const isDrawn = stream.next() < ON || options.always?.has(kind) === true;
    const isOn = isDrawn && (options.allowed?.has(kind) ?? true);
    const rate = isOn ? (RATES[Math.floor(stream.next() * RATES.length)] ?? 0) : 0;
    const made = { rate, stream, isOn: new Map<string, boolean>() };
    mixOf.set(kind, made);
    return made;
  };
  return {
    pick: (kind, _name, all) => {
      const { rate, stream, isOn } = mix(kind);
      const calm = all[0] ?? "";
      if (rate === 0 || stream.next() >= rate) return calm;
      const index = 1 + Math.floor(stream.next() * (all.length - 1));
      const picked = all[index] ?? calm;
      return isOptionOn(picked, isOn, stream) ? picked : calm;
    },
  };
}

type Mix = {
  readonly rate: number;
  readonly stream: RandomStream;
  readonly isOn: Map<string, boolean>;
};

function isOptionOn(option: string, isOn: Map<string, boolean>, stream: RandomStream): boolean {
  const known = isOn.get(option);
  if (known !== undefined) return known;
  const drawn = stream.next() < ON;
  isOn.set(option, drawn);
  return drawn;
}
