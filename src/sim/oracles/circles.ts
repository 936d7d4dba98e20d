/** Writes that lead nowhere: one writer going round in circles, or two who undo each other. */
import type { ApiObject } from "../../machinery/object.ts";
import { canonicalText } from "./canonical-text.ts";
import { ENVIRONMENT } from "./deletions.ts";
import type { MakeOracle, Write } from "./oracle.ts";

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
  const past = pasts.get(key) ?? [];
  past.push({ actor, text: canonicalText(contentOf(after)) });
  if (past.length > TURNS) past.shift();
  pasts.set(key, past);
  return past;
}

function contentOf(object: ApiObject): unknown {
  const { metadata, ...others } = object;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...others, labels, annotations, finalizers, ownerReferences };
}

/** At rest nobody writes the same object again and again. */
export const noHotLoops: MakeOracle = () => {
  const counts = new Map<string, number>();
  return {
    name: "no hot loops",
    onWrite: ({ actor, key, after }, { phase }) => {
      if (phase !== "stable" || after === undefined || /\/(?:leases|events)\//.test(key)) return;
      const about = `${actor} ${key}`;
      const count = (counts.get(about) ?? 0) + 1;
      counts.set(about, count);
      if (count <= WRITES_AT_REST_MAX) return undefined;
      return `nothing has changed for a while, and ${actor} has written ${key} ${count} times`;
    },
  };
};

/** In the ten minutes after rest. */
const WRITES_AT_REST_MAX = 5;
