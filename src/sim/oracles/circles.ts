/** Writes that lead nowhere: one writer going round in circles, or two who undo each other. */
import type { ApiObject } from "../../machinery/object.ts";
import { canonicalText } from "./canonical-text.ts";
import { ENVIRONMENT } from "./deletions.ts";
import type { MakeOracle, Scene, Write } from "./oracle.ts";

type Past = { readonly actor: string; readonly text: string };

/** The same two contents in turn so often are no accident. */
const TURNS = 6;

/** Two writers give an object the same two contents in turn. */
export const noFights: MakeOracle = () => {
  const pasts = new Map<string, Past[]>();
  return {
    name: "no fights",
    onWrite: (write) => {
      const past = remembered(write, pasts);
      if (past === undefined || past.length < TURNS) return undefined;
      const [a, b] = past;
      if (a === undefined || b === undefined || a.text === b.text || a.actor === b.actor) return;
      const isInTurn = past.every(({ actor, text }, nth) => {
        const one = nth % 2 === 0 ? a : b;
        return text === one.text && actor === one.actor;
      });
      return isInTurn
        ? `${a.actor} and ${b.actor} undo each other's writes of ${write.key}`
        : undefined;
    },
  };
};

/** One writer gives an object the same two contents in turn, with nobody else writing. */
export const noCircles: MakeOracle = () => {
  const pasts = new Map<string, Past[]>();
  return {
    name: "no circles",
    onWrite: (write) => {
      const past = remembered(write, pasts);
      if (past === undefined || past.length < TURNS) return undefined;
      const [a, b] = past;
      if (a === undefined || b === undefined || a.text === b.text) return undefined;
      const isInTurn = past.every(({ actor, text }, nth) => {
        return actor === a.actor && text === (nth % 2 === 0 ? a : b).text;
      });
      return isInTurn ? `${a.actor} writes ${write.key} back and forth` : undefined;
    },
  };
};

function remembered(
  { key, actor, after, before }: Write,
  pasts: Map<string, Past[]>,
): readonly Past[] | undefined {
  if (after === undefined || before === undefined || ENVIRONMENT.includes(actor)) {
    pasts.delete(key);
    return undefined;
  }
  const text = contentText(after);
  if (text === contentText(before)) return undefined; // its status, or nothing
  const past = pasts.get(key) ?? [];
  past.push({ actor, text });
  if (past.length > TURNS) past.shift();
  pasts.set(key, past);
  return past;
}

/** By object, as several oracles and the next write of the same key ask for it again. */
const texts = new WeakMap<ApiObject, string>();

function contentText(object: ApiObject): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = canonicalText(contentOf(object));
  texts.set(object, text);
  return text;
}

/** What is wanted of it. Status follows the world, which may well go back and forth. */
function contentOf(object: ApiObject): unknown {
  const { metadata, status: _status, ...others } = { ...object, status: undefined };
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...others, labels, annotations, finalizers, ownerReferences };
}

/** At rest nobody writes the same object again and again. */
export const noHotLoops: MakeOracle = () => {
  let counts = new Map<string, number>();
  let counted: Scene["phase"] = "faults";
  return {
    name: "no hot loops",
    onWrite: ({ actor, key, after }, { phase }) => {
      if (phase !== counted) counts = new Map();
      counted = phase;
      if (phase === "faults" || after === undefined || /\/(?:leases|events)\//.test(key)) return;
      const about = `${actor} ${key}`;
      const count = (counts.get(about) ?? 0) + 1;
      counts.set(about, count);
      const max = phase === "healed" ? WRITES_TO_REST_MAX : WRITES_AT_REST_MAX;
      if (count <= max) return undefined;
      const since = phase === "healed" ? "all was mended" : "nothing changes any more";
      return `${actor} has written ${key} ${count} times since ${since}`;
    },
  };
};

/** What is made and taken away again and again: no object is written often, and there is no end. */
export const noChurn: MakeOracle = () => {
  const counts = new Map<string, number>();
  return {
    name: "no churn",
    onWrite: ({ actor, resource, before, after }, { phase }) => {
      const isBirthOrEnd = before === undefined || after === undefined;
      const isNoise = resource === "leases" || resource === "events";
      if (phase === "faults" || !isBirthOrEnd || isNoise) return undefined;
      const about = `${actor} ${resource}`;
      const count = (counts.get(about) ?? 0) + 1;
      counts.set(about, count);
      if (count <= WRITES_TO_REST_MAX) return undefined;
      return `${actor} has made or deleted ${count} ${resource} since all was mended`;
    },
  };
};

/** Until the system is at rest. */
const WRITES_TO_REST_MAX = 100;
/** In the ten minutes after that. */
const WRITES_AT_REST_MAX = 5;
