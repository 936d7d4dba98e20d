/**
 * What there is at rest when nothing goes wrong, in a form that can be compared: without times,
 * versions and identities, and with names that the server made up cut to their beginning.
 */
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { canonicalText } from "./canonical-text.ts";
import type { Invariant } from "./invariants.ts";
import type { LiveState } from "../world/state.ts";
import { resourceOf } from "../world/state.ts";

/** How many objects of each canonical text there are, by what they are called. */
export type CanonicalState = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What there is at rest without faults. */
export type ReferenceState = {
  /** What was wanted of each object, by whoever wrote it. */
  readonly wanted: CanonicalState;
  /** With annotations and status, as far as two runs can have the same. */
  readonly whole: CanonicalState;
};

/** The canonical forms of a state. */
export function referenceOf(state: LiveState): ReferenceState {
  return { wanted: canonicalState(state, wantedOf), whole: canonicalState(state, wholeOf) };
}

/** One canonical form. */
export function canonicalState(
  state: LiveState,
  formOf: (object: ApiObject) => unknown,
): CanonicalState {
  const byName = new Map<string, Map<string, number>>();
  for (const [key, encoded] of state.entries()) {
    const resource = resourceOf(key);
    if (IGNORED.includes(resource)) continue;
    const object = encoded.value;
    const called = calledAs(resource, object);
    const texts = byName.get(called) ?? new Map<string, number>();
    byName.set(called, texts);
    const text = canonicalText(formOf(object));
    texts.set(text, (texts.get(text) ?? 0) + 1);
  }
  return byName;
}

const IGNORED: readonly string[] = [
  "events",
  "leases",
  "endpoints",
  "endpointslices",
  "ipaddresses",
];

/**
 * @public At rest there is what there is without faults: the same objects with the same contents,
 * their status and annotations aside. Pods that have failed count as gone.
 */
export function sameAsWithoutFaults(): Invariant {
  const name = "the same as without faults";
  return {
    name,
    needsReference: true,
    make: () => ({
      name,
      atRest: ({ state, reference }) =>
        reference && difference(reference.wanted, canonicalState(state, wantedOf)),
    }),
  };
}

/** What differs, in a sentence. */
export function difference(reference: CanonicalState, found: CanonicalState): string | undefined {
  for (const called of new Set([...reference.keys(), ...found.keys()])) {
    const wanted = reference.get(called) ?? new Map<string, number>();
    const there = found.get(called) ?? new Map<string, number>();
    const [wantedCount, count] = [sum(wanted), sum(there)];
    if (wantedCount !== count)
      return `${called}: there are ${count}, without faults ${wantedCount}`;
    for (const [text, times] of there) {
      if (wanted.get(text) === times) continue;
      const [other = ""] = wanted.keys();
      return `${called} is ${text}, and without faults ${other}`;
    }
  }
  return undefined;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function calledAs(resource: string, object: ApiObject): string {
  const { namespace = "", name = "", generateName } = object.metadata;
  const called = generateName === undefined ? name : `${generateName}*`;
  return [resource, namespace === "" ? called : `${namespace}/${called}`].join(" ");
}

/** What was wanted of it, by whoever wrote it. */
export function wantedOf(object: ApiObject): unknown {
  const { labels, finalizers, deletionTimestamp } = object.metadata;
  const {
    metadata: _metadata,
    status: _status,
    spec,
    ...others
  } = { ...object } as Record<string, unknown>;
  const isGoing = deletionTimestamp !== undefined;
  return { ...others, spec: asWanted(spec), labels, finalizers, isGoing };
}

/** Without what somebody is given rather than asks for: places, addresses and ports differ. */
function asWanted(spec: unknown): unknown {
  if (Array.isArray(spec)) return spec.map(asWanted);
  if (!isFields(spec)) return spec;
  const wanted = Object.entries(spec).filter(([name]) => !GIVEN.includes(name));
  return Object.fromEntries(wanted.map(([name, value]) => [name, asWanted(value)]));
}

/** What is wanted of it and what has become of it: no times, identities, or counts of writes. */
export function wholeOf(object: ApiObject): unknown {
  const { annotations } = object.metadata;
  const status: unknown = own({ ...object }, "status");
  return {
    ...Object(wantedOf(object)),
    annotations: withoutMarks(annotations),
    status: lasting(status),
  };
}

const GIVEN: readonly string[] = ["nodeName", "clusterIP", "clusterIPs", "nodePort"];

/** Marks of the simulation itself, and counts of writes. */
const MARKS: readonly string[] = [
  "simulation.setpoint.dev/touched",
  "deployment.kubernetes.io/revision",
];

function withoutMarks(annotations: Readonly<Record<string, string>> = {}): unknown {
  const kept = Object.entries(annotations).filter(([name]) => !MARKS.includes(name));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !PASSING.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, lasting(inner)]));
}

/** Times, identities, addresses, texts for people, and how often something was written. */
const PASSING = /Time$|Timestamp$|At$|^(?:uid|message|observedGeneration|resourceVersion)$|IPs?$/;
