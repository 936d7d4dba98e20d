/**
 * A write that is acknowledged has taken effect once, between its beginning and its end; one that
 * is refused never; one whose answer is lost at most once, whenever that may be.
 *
 * Writes of one process, of one kind, of one object are counted: an answer names the revision that
 * it made, and each further revision must be the effect of a write that is still without an answer.
 */
import type { ApiResponse } from "../../machinery/request.ts";
import type { CallName } from "../actors/call-name.ts";
import { isKept, keyCalled } from "./called-object.ts";
import type { MakeOracle, OnAnswer, Write } from "./oracle.ts";
import type { Past, Span } from "./past.ts";

/** All writes of one process, verb and object. */
type Writes = {
  /** Called, and not answered; many never will be. */
  open: number;
  /** Revisions that no answer has named yet. */
  readonly effects: number[];
};

export const oneEffect: MakeOracle = () => {
  const all = new Map<string, Writes>();
  return {
    name: "one effect",
    onCall: ({ actor, call, request }, { past }): OnAnswer | undefined => {
      if (!isCounted(call)) return undefined;
      if (request.query.has("dryRun")) return undefined;
      const about = aboutOf(actor, verbOf(call), keyCalled(call));
      const writes = all.get(about) ?? { open: 0, effects: [] };
      all.set(about, writes);
      writes.open += 1;
      const from = past.revision;
      return (response) => {
        const problem = answered(response, {
          call,
          writes,
          past,
          span: { from, to: past.revision },
        });
        return problem === undefined ? undefined : `${actor}: ${call.text} ${problem}`;
      };
    },
    onWrite: (write) => {
      const writes = writesOf(write, all);
      if (writes === undefined) return undefined; // what the server does on the way
      writes.effects.push(write.revision);
      if (writes.effects.length <= writes.open) return undefined;
      const { actor, verb, key } = write;
      return `${actor}: ${verb} of ${key} takes effect, and nobody has asked for it, or not again`;
    },
  };
};

type Answered = {
  readonly call: CallName;
  readonly writes: Writes;
  readonly past: Past;
  readonly span: Span;
};

function answered({ status, body }: ApiResponse, about: Answered): string | undefined {
  const { call, writes, past, span } = about;
  const { effects } = writes;
  if (status >= 500) return undefined; // it may have had its effect: it stays open
  writes.open -= 1;
  if (status >= 400) {
    if (effects.length <= writes.open) return undefined;
    return `is refused with ${status}, and has taken effect at revision ${effects.at(-1)}`;
  }
  const object = body.kind === "object" ? body.object.value : undefined;
  const named = Number(object?.metadata.resourceVersion ?? "0");
  const place = effects.findIndex(
    (revision) => revision === named || (named === 0 && revision > span.from),
  );
  if (place !== -1) {
    effects.splice(place, 1);
    return undefined;
  }
  return isWithoutEffect(call, named, past, span)
    ? undefined
    : `is acknowledged at revision ${named}, and has taken no effect`;
}

/** Whether it may be that there was nothing to do. */
function isWithoutEffect(call: CallName, named: number, past: Past, span: Span): boolean {
  const key = keyCalled(call);
  if (call.verb === "create") return call.subresource !== "";
  if (call.verb === "delete") return past.wasGoing(key, span);
  return named === 0 || past.wasCurrent(key, named, span);
}

/** Those that come to one write of the object they name, or to none. */
function isCounted(call: CallName): boolean {
  const { verb, isWrite, subresource } = call;
  if (!isKept(call) || !isWrite || verb === "deletecollection") return false;
  return subresource !== "eviction";
}

function verbOf({ verb, subresource }: CallName): string {
  return subresource === "" ? verb : `${verb}/${subresource}`;
}

function aboutOf(actor: string, verb: string, key: string): string {
  return `${actor} ${verb} ${key}`;
}

/** A name that the server has made up was asked for by its beginning. */
function writesOf(
  { actor, verb, key, after }: Write,
  all: Map<string, Writes>,
): Writes | undefined {
  const named = all.get(aboutOf(actor, verb, key));
  const prefix = after?.metadata.generateName;
  if (named !== undefined || verb !== "create" || prefix === undefined) return named;
  return all.get(aboutOf(actor, verb, key.slice(0, key.lastIndexOf("/") + 1) + `${prefix}*`));
}
