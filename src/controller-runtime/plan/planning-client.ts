/**
 * A client whose writes are all dry runs, and are noted with what they would change: the object is
 * read right before each, and compared with the server's answer.
 */
import { errorText } from "../../base/error-text.ts";
import type { Client } from "../../client/client.ts";
import { interceptedClient, type ClientCall } from "../../client/wrappers/intercepted-client.ts";
import { dryRunClient } from "../../client/wrappers/write-options.ts";
import { apiVersionOf, gvrKey } from "../../machinery/gvk.ts";
import { keyText } from "../../machinery/key.ts";
import { isApiObject, isFields, own, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { changedFieldsOf, newFieldsOf, type FieldChanges } from "./field-changes.ts";
import type { PlannedWrite } from "./plan.ts";

/** Takes down what one run does. */
export class RunNotes {
  readonly writes: PlannedWrite[] = [];
  /** Why what comes is not known, once that is so. */
  unknown: string | undefined;
  /** Objects that would be there by now, by kind and key. */
  readonly #created = new Map<string, string>();

  creates({ type, key }: ClientCall): void {
    if (key.name !== "") this.#created.set(nameOf(type, key), `${type.kind} ${keyText(key)}`);
  }

  /** What the call builds on, and is not there because its creation was a dry run. */
  missing({ type, key }: ClientCall): string | undefined {
    const own = this.#created.get(nameOf(type, key));
    if (own !== undefined || key.namespace === "") return own;
    return this.#created.get(nameOf(NAMESPACES, { namespace: "", name: key.namespace }));
  }
}

const NAMESPACES = { group: "", version: "v1", resource: "namespaces" };

/** Names of a collection that are told. */
const NAMES_MAX = 10;

/** `client`, with writes that are none. `notes`: of the run that is under way. */
export function planningClient(client: Client, notes: () => RunNotes): Client {
  const dry = dryRunClient(client);
  return interceptedClient(dry, async (call, next) => {
    if (!call.isWrite) return next();
    const run = notes();
    const before = await stateBefore(client, call);
    try {
      const answer = await next();
      const write = planned(call, before, answer);
      run.writes.push(write);
      if (write.effect === "create") run.creates(call);
      return answer;
    } catch (error) {
      if (isAwaited(call, error)) throw error; // what is deleted is gone already
      run.writes.push(refusal(call, error, run));
      throw error;
    }
  });
}

/** What is known of an object before a write. */
type Before =
  | { readonly kind: "there"; readonly object: ApiObject }
  | { readonly kind: "absent" }
  /** It is none, many, or cannot be read. */
  | { readonly kind: "unknown"; readonly note: string | undefined };

async function stateBefore(client: Client, call: ClientCall): Promise<Before> {
  const { verb, type, key, context } = call;
  if (verb === "deleteCollection") return collectionBefore(client, call);
  if (verb === "create" || key.name === "") return { kind: "absent" };
  if (isOtherView(call)) return { kind: "unknown", note: undefined };
  try {
    return { kind: "there", object: await client.get(type, key, context) };
  } catch (error) {
    if (isStatus(error, "NotFound")) return { kind: "absent" };
    if (!isStatus(error, "Forbidden")) throw error;
    return { kind: "unknown", note: `what is there is not known: ${errorText(error)}` };
  }
}

async function collectionBefore(
  client: Client,
  { type, key, options, context }: ClientCall,
): Promise<Before> {
  const { namespace } = key;
  const { items } = await client.list(
    type,
    { ...selectorsOf(options), ...(namespace === "" ? {} : { namespace }) },
    context,
  );
  if (items.length === 0) return { kind: "absent" };
  const names = items.slice(0, NAMES_MAX).map(({ metadata: { name = "" } }) => name);
  const more = items.length > NAMES_MAX ? `, and ${items.length - NAMES_MAX} more` : "";
  return { kind: "unknown", note: `${names.join(", ")}${more}` };
}

function selectorsOf(options: unknown): {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
} {
  const fields = isFields(options) ? options : {};
  const [labelSelector, fieldSelector] = [
    own(fields, "labelSelector"),
    own(fields, "fieldSelector"),
  ];
  return {
    ...(typeof labelSelector === "string" ? { labelSelector } : {}),
    ...(typeof fieldSelector === "string" ? { fieldSelector } : {}),
  };
}

function planned(call: ClientCall, before: Before, answer: unknown): PlannedWrite {
  const { verb, sent, type, key } = call;
  const base = headOf(call);
  if (verb === "delete") return { ...base, ...deletion(before, answer) };
  if (verb === "deleteCollection") {
    const effect = before.kind === "absent" ? "nothing" : "delete";
    return { ...base, ...NO_CHANGES, effect, note: noteOf(before) };
  }
  if (isOtherView(call) || !isApiObject(answer)) {
    return { ...base, ...NO_CHANGES, effect: "unknown", note: "what it changes cannot be shown" };
  }
  if (before.kind === "unknown") {
    return { ...base, ...NO_CHANGES, effect: "unknown", note: noteOf(before) };
  }
  if (before.kind === "absent") {
    const isNamed = key.name !== "";
    const note = isNamed ? undefined : "its name is made up by the server, each time another";
    return { ...base, ...newFieldsOf(type, bodyOf(sent), answer), effect: "create", note };
  }
  const changes = changedFieldsOf(type, before.object, answer);
  const effect = changes.changes.length === 0 ? "nothing" : "change";
  return { ...base, ...changes, effect, note: undefined };
}

function deletion(
  before: Before,
  answer: unknown,
): FieldChanges & Pick<PlannedWrite, "effect" | "note"> {
  if (before.kind === "absent") return { ...NO_CHANGES, effect: "nothing", note: undefined };
  const finalizers = isApiObject(answer) ? (answer.metadata.finalizers ?? []) : [];
  const isHeld = finalizers.length > 0;
  const note = isHeld ? `it stays until its finalizers go: ${finalizers.join(", ")}` : undefined;
  return { ...NO_CHANGES, effect: "delete", note };
}

function refusal(call: ClientCall, error: unknown, run: RunNotes): PlannedWrite {
  const missing = isStatus(error, "NotFound") ? run.missing(call) : undefined;
  const base = { ...headOf(call), ...NO_CHANGES };
  if (missing === undefined) return { ...base, effect: "refused", note: errorText(error) };
  const why = `it builds on ${missing}, whose creation is a dry run`;
  run.unknown ??= why;
  return { ...base, effect: "unknown", note: why };
}

const NO_CHANGES: FieldChanges = { changes: [], hasMore: false };

function headOf(call: ClientCall): Omit<PlannedWrite, keyof FieldChanges | "effect" | "note"> {
  const { type, key, subresource = "" } = call;
  return {
    call: callText(call),
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    key: key.name === "" ? key.namespace : keyText(key),
    subresource,
  };
}

function callText({ verb, sent }: ClientCall): string {
  const form = verb === "patch" && isFields(sent) ? own(sent, "kind") : undefined;
  return typeof form === "string" ? `${verb} (${form})` : verb;
}

/** The object that was sent. */
function bodyOf(sent: unknown): unknown {
  return isFields(sent) && own(sent, "kind") === "apply" ? own(sent, "object") : sent;
}

/** Whether what is sent and answered is not the object itself. */
function isOtherView({ verb, subresource }: ClientCall): boolean {
  if (verb === "createSubresource" || verb === "updateSubresource") return true;
  return subresource !== undefined && subresource !== "status";
}

function isAwaited({ verb }: ClientCall, error: unknown): boolean {
  return verb === "delete" && isStatus(error, "NotFound");
}

function noteOf(before: Before): string | undefined {
  return before.kind === "unknown" ? before.note : undefined;
}

function nameOf(
  gvr: { readonly group: string; readonly version: string; readonly resource: string },
  key: ClientCall["key"],
): string {
  return `${gvrKey(gvr)} ${keyText(key)}`;
}
