/** What a run has come by, in words: two runs that come by the same are alike. */
import type { ApiObject } from "../../../machinery/object.ts";
import { own } from "../../../machinery/object.ts";
import type { Write } from "../../oracles/oracle.ts";

/** Of one run. Filled while it goes on. */
export class RunCoverage {
  readonly #features = new Set<string>();

  /** A write, and of which kind its writer was shown something last. */
  onWrite({ actor, verb, resource, before, after }: Write, shown: string | undefined): void {
    const isNoise = resource === "leases" || resource === "events";
    if (isNoise) return;
    this.#features.add(`${actor}: ${shown ?? "nothing"} leads to ${verb} ${resource}`);
    if (after === undefined) this.#features.add(`${resource} gone from ${conditionOf(before)}`);
    else this.#features.add(`${resource} is ${conditionOf(after)}`);
  }

  /** All of it, with what was not calm: each fate at each kind of place. */
  features(taken: ReadonlyMap<string, string>): ReadonlySet<string> {
    const fates = [...taken].map(([name, option]) => `${name.replace(/#\d+$/, "")} = ${option}`);
    return new Set([...this.#features, ...fates]);
  }
}

/** Phase, conditions, and whether it is going and held: the abstract state of an object. */
function conditionOf(object: ApiObject | undefined): string {
  if (object === undefined) return "nothing";
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const status = recordOf(own({ ...object }, "status"));
  const phase = own(status, "phase");
  const conditions = own(status, "conditions");
  const listed = Array.isArray(conditions) ? conditions.map((item) => recordOf(item)) : [];
  const texts = listed.map((item) => `${textOf(own(item, "type"))}=${textOf(own(item, "status"))}`);
  return [
    ...(deletionTimestamp === undefined ? [] : ["going"]),
    ...(finalizers.length === 0 ? [] : ["held"]),
    textOf(phase),
    ...texts.toSorted().slice(0, CONDITIONS_MAX),
  ].join(" ");
}

const CONDITIONS_MAX = 10;

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
