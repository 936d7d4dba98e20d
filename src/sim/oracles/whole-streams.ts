/**
 * Each stream of watch events tells every change of what it watches, once and in order, from the
 * revision on that it begins with: no gap, nothing twice, nothing that never was.
 *
 * A stream by labels or fields leaves changes out, so of such a one only the order is looked at.
 */
import type { ApiObject } from "../../machinery/object.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { SentCall } from "../actors/call-watch.ts";
import { isKept, keyCalled, prefixCalled } from "./called-object.ts";
import type { MakeOracle, Write } from "./oracle.ts";
import type { Past } from "./past.ts";

type Change = Exclude<WatchEvent, { readonly kind: "BOOKMARK" | "ERROR" }>;

export const wholeStreams: MakeOracle = () => {
  const open = new Set<Stream>();
  return {
    name: "whole streams",
    onStream: (sent, { past }) => {
      if (!isKept(sent.call) || sent.call.subresource !== "") return undefined;
      const stream = new Stream(sent, past);
      open.add(stream);
      return {
        arrived: (event) => {
          const what = stream.arrived(event);
          return what === undefined ? undefined : `${stream.name} ${what}`;
        },
        ends: () => open.delete(stream),
      };
    },
    atRest: () => {
      for (const stream of open) {
        const next = stream.missing(Infinity);
        if (next !== undefined) return `${stream.name} goes on and never tells of ${told(next)}`;
      }
      return undefined;
    },
  };
};

class Stream {
  readonly name: string;
  readonly #sent: SentCall;
  readonly #past: Past;
  /** Keys of other namespaces are not told of. */
  readonly #place: string;
  readonly #isWhole: boolean;
  /** What there was at its beginning, as far as it is told; undefined: the beginning is over. */
  #initial: Map<string, number> | undefined;
  /** Of the newest change that was told, or of the beginning. */
  #at: number;
  /** The oldest that the beginning may be of. */
  readonly #oldest: number;
  /** Among the changes of the resource: of the first that is newer. */
  #next = 0;

  constructor(sent: SentCall, past: Past) {
    const { actor, call, request } = sent;
    const { query } = request;
    const wanted = query.get("resourceVersion") ?? "";
    const isWithState = query.get("sendInitialEvents") === "true";
    const isFromState = isWithState || wanted === "" || wanted === "0";
    this.name = `${actor}'s watch of ${call.resource}`;
    this.#sent = sent;
    this.#past = past;
    this.#place = keyCalled(call, { namespace: call.namespace, name: "" });
    const isNamed = call.realName !== "";
    const isSelective = query.has("labelSelector") || query.has("fieldSelector") || isNamed;
    this.#isWhole = !isSelective && (isWithState || !isFromState);
    this.#initial = isFromState ? new Map() : undefined;
    this.#at = isFromState ? 0 : Number(wanted);
    this.#oldest = wanted === "" ? past.revision : Number(wanted);
  }

  arrived(event: WatchEvent): string | undefined {
    if (event.kind === "ERROR") return undefined;
    if (event.kind !== "BOOKMARK") return this.#changed(event);
    const at = Number(event.resourceVersion);
    return this.#initial !== undefined && event.isInitialEventsEnd
      ? this.#begun(at, this.#initial)
      : this.#reached(at);
  }

  /** The first change up to this revision that has not been told. */
  missing(until: number): Write | undefined {
    if (!this.#isWhole || this.#initial !== undefined) return undefined;
    const next = this.#following();
    return next === undefined || next.revision > until ? undefined : next;
  }

  #changed({ kind, object: { value } }: Change): string | undefined {
    const revision = revisionOf(value);
    const { namespace = "", name = "" } = value.metadata;
    const key = keyCalled(this.#sent.call, { namespace, name });
    if (this.#initial !== undefined && kind === "ADDED") {
      this.#initial.set(key, revision);
      return undefined;
    }
    const before = this.#at;
    const missed = this.missing(revision - 1);
    if (this.#initial === undefined && revision <= before) {
      return `tells of ${key} at revision ${revision} after ${before}`;
    }
    if (missed !== undefined) return `leaves out ${told(missed)}`;
    const change = this.#isWhole ? this.#following() : undefined;
    this.#at = revision;
    if (!this.#isWhole || this.#initial !== undefined) return undefined;
    const isTrue = change?.key === key && change.revision === revision && kind === kindOf(change);
    return isTrue ? undefined : `tells of ${kind} ${key} at revision ${revision}, which never was`;
  }

  /** A bookmark says that all up to it was told. */
  #reached(at: number): string | undefined {
    const missed = this.missing(at);
    if (missed !== undefined)
      return `is said to have told all up to ${at}, without ${told(missed)}`;
    if (at < this.#at) return `is said to be at revision ${at}, after ${this.#at}`;
    this.#at = at;
    return undefined;
  }

  /** All that there was at its beginning was told. */
  #begun(at: number, initial: ReadonlyMap<string, number>): string | undefined {
    this.#initial = undefined;
    this.#at = at;
    if (at < this.#oldest) return `begins at revision ${at}, and ${this.#oldest} was there`;
    if (!this.#isWhole) return undefined;
    for (const [key, revision] of initial) {
      if (this.#past.versionAt(key, at)?.revision === revision) continue;
      return `begins with ${key} at revision ${revision}, which it was not at ${at}`;
    }
    for (const key of this.#past.keysAt(prefixCalled(this.#sent.call), at)) {
      if (key.startsWith(this.#place) && !initial.has(key)) return `begins without ${key}`;
    }
    return undefined;
  }

  /** The change after the last one that was told. */
  #following(): Write | undefined {
    const changes = this.#past.changesOf(prefixCalled(this.#sent.call));
    for (let next = changes[this.#next]; next !== undefined; next = changes[this.#next]) {
      if (next.revision > this.#at && next.key.startsWith(this.#place)) return next;
      this.#next += 1;
    }
    return undefined;
  }
}

function kindOf({ before, after }: Write): Change["kind"] {
  if (after === undefined) return "DELETED";
  return before === undefined ? "ADDED" : "MODIFIED";
}

function told({ verb, key, revision }: Write): string {
  return `the ${verb} of ${key} at revision ${revision}`;
}

function revisionOf({ metadata }: ApiObject): number {
  return Number(metadata.resourceVersion ?? "0");
}
