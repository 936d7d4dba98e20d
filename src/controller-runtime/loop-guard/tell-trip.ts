/** Tells people of a key that goes round in circles: in the log, and by an event of the object. */
import type { Context } from "../../base/context.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { managersOf } from "./field-managers.ts";
import type { LoopKind } from "./key-history.ts";
import type { Trip } from "./loop-guard.ts";
import { objectText } from "./own-events.ts";

/** Fields that are named. */
export const NAMED_FIELDS_MAX = 5;

const REASONS: Readonly<Record<LoopKind, string>> = {
  "own-writes": "ReconcileLoop",
  "field-fight": "FieldFight",
};

/** One live read finds out who else manages the fields; it is no harm if it fails. */
export async function tellTrip(
  { kind, flapping, delayMs }: Trip,
  who: { readonly controller: string; readonly key: string },
  deps: Pick<ControllerDeps, "client" | "recorder">,
  context: Context,
): Promise<void> {
  const { write } = flapping;
  const { type, key } = write;
  const worst = [...flapping.fields.values()].toSorted((a, b) => b.times - a.times);
  const fields = worst.slice(0, NAMED_FIELDS_MAX).map(({ field }) => field);
  const live = await deps.client.get(type, key, context).catch(() => undefined);
  const all = live === undefined ? [] : managersOf(live, fields);
  const others = all.filter((name) => name !== (write.fieldManager ?? who.controller));
  const paths = fields.map(({ text }) => (text === "" ? "the object as a whole" : text));
  const object = objectText(write);
  const what = `${paths.length === 0 ? "it" : paths.join(", ")} of ${object}`;
  const rivals = others.join(", ") || "another writer";
  const message =
    kind === "field-fight"
      ? `${who.controller} and ${rivals} change ${what} back and forth`
      : `${who.controller} is woken by its own writes of ${what}`;
  const told = `${message}; reconciles of ${who.key} are slowed down until that ends`;
  context.log.warn(told, { object: who.key, target: object, fields: paths, others, delayMs });
  const about = live ?? write.after ?? write.before;
  if (about !== undefined) deps.recorder.warning(about, type, REASONS[kind], told);
}
