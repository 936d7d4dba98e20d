/** What is deleted: only what was seen, and wholly. */
import { SOMEBODY } from "../actors/touch.ts";
import type { MakeOracle } from "./oracle.ts";

/** Those who belong to the environment may do what they like. */
export const ENVIRONMENT: readonly string[] = [
  "user",
  "nodes",
  "garbage-collector",
  "setup",
  SOMEBODY,
  "volume-protection",
];

/**
 * A controller deletes an object other than the one it was last shown under that name. A
 * precondition on the uid prevents it.
 */
export const noBlindDeletion: MakeOracle = () => ({
  name: "no blind deletion",
  onWrite: ({ actor, verb, resource, before, beforeRevision, after }, { seen }) => {
    if (!verb.startsWith("delete") || before === undefined || ENVIRONMENT.includes(actor)) return;
    const known = seen.last(actor, resource, before);
    const isMeant = known === undefined || known.object.metadata.uid === before.metadata.uid;
    const wasGoing = before.metadata.deletionTimestamp !== undefined;
    if (isMeant || wasGoing || verb === "deletecollection") return undefined;
    const { namespace = "", name = "" } = (after ?? before).metadata;
    return (
      `${actor} deleted ${resource} ${namespace}/${name}, made anew since it last looked: it had ` +
      `been shown version ${known.revision}, and deleted version ${beforeRevision}, another ` +
      "object; name the uid as a precondition of the deletion"
    );
  },
});

/** At rest nothing waits for its end: whoever put a finalizer there takes it away. */
export const noStuckDeletion: MakeOracle = () => ({
  name: "no stuck deletion",
  atRest: ({ state }) => {
    for (const [key, object] of state.entries()) {
      const { deletionTimestamp, finalizers = [] } = object.value.metadata;
      if (deletionTimestamp === undefined || key.includes("/pods/")) continue;
      return `${key} is being deleted for ever: nobody removes ${finalizers.join(", ")}`;
    }
    return undefined;
  },
});

/** At rest nothing belongs to owners that are all gone. */
export const noOrphans: MakeOracle = () => ({
  name: "no orphans",
  atRest: ({ state }) => {
    const objects = [...state.entries()];
    const uids = new Set(objects.map(([, object]) => object.value.metadata.uid));
    for (const [key, object] of objects) {
      const owners = object.value.metadata.ownerReferences ?? [];
      if (owners.length === 0 || owners.some(({ uid }) => uids.has(uid))) continue;
      const gone = owners.map(({ kind, name }) => `${kind} ${name}`);
      return `${key} belongs to ${gone.join(", ")}, gone`;
    }
    return undefined;
  },
});
