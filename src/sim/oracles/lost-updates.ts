/**
 * A write that sets a field back to what the writer had seen, although somebody has changed it
 * since and the writer was not shown that. A precondition on the resource version, or a patch of
 * only what is one's own, prevents it.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { own, type ApiObject } from "../../machinery/object.ts";
import { ENVIRONMENT } from "./deletions.ts";
import type { MakeOracle } from "./oracle.ts";

export const noLostUpdates: MakeOracle = () => ({
  name: "no lost updates",
  onWrite: ({ actor, verb, resource, before, beforeRevision, after }, { seen }) => {
    if (before === undefined || after === undefined || ENVIRONMENT.includes(actor))
      return undefined;
    if (!verb.startsWith("update")) return undefined;
    const known = seen.last(actor, resource, before);
    if (known === undefined || known.object.metadata.uid !== before.metadata.uid) return undefined;
    if (known.revision >= beforeRevision) return undefined;
    const field = SECTIONS.map((section) => lostField(section, known.object, before, after)).find(
      (lost) => lost !== undefined,
    );
    if (field === undefined) return undefined;
    const { namespace = "", name = "" } = after.metadata;
    return `${actor} set ${field} of ${resource} ${namespace}/${name} back to what it was before`;
  },
});

const SECTIONS = ["spec", "data"] as const;

function lostField(
  section: string,
  seen: ApiObject,
  before: ApiObject,
  after: ApiObject,
): string | undefined {
  const [old, current, next] = [seen, before, after].map((object) => fieldsOf(object, section));
  if (old === undefined || current === undefined || next === undefined) return undefined;
  for (const name of Object.keys(current)) {
    const isChanged = !equalValues(own(old, name), own(current, name));
    const isSetBack = equalValues(own(old, name), own(next, name));
    if (isChanged && isSetBack) return `${section}.${name}`;
  }
  return undefined;
}

function fieldsOf(
  object: ApiObject,
  section: string,
): Readonly<Record<string, unknown>> | undefined {
  const fields: unknown = own({ ...object }, section);
  return typeof fields === "object" && fields !== null ? { ...fields } : undefined;
}
