/** Keeps one record at the provider for every DnsRecord: makes it, mends it, takes it away. */
import {
  controller,
  generationChanged,
  watches,
  type DeclaredController,
  type ObjectOf,
  type Outcome,
  type ReconcileContext,
  type WakesFunction,
} from "setpoint/controller-runtime";
import { index, type TypedIndex } from "setpoint/informer";
import { equalValues, keyOf, keyText, parseApiTime } from "setpoint/machinery";
import {
  fullName,
  LIST_LAG_MS,
  type DnsApi,
  type DnsEntry,
  type RecordContent,
} from "./dns-api.ts";
import { honestly } from "./honest.ts";
import { DnsRecord, DnsZone } from "./kinds.ts";

type DnsRecord = ObjectOf<typeof DnsRecord>;
type Context = ReconcileContext<DnsRecord>;

/** `cluster`: tells our records at the provider from those of other clusters. */
export type OurDns = { readonly dns: DnsApi; readonly cluster: string };

/** The tag of a record at the provider: the object that manages it. */
export function ownerOf(cluster: string, uid = ""): string {
  return `${cluster}/${uid}`;
}

const byZone: TypedIndex<DnsRecord> = index(DnsRecord, ({ metadata, spec }) => [
  keyText({ namespace: metadata.namespace ?? "", name: spec.zone }),
]);

const recordsOf: WakesFunction<ObjectOf<typeof DnsZone>> = (zone, _event, { informers }) =>
  informers
    .for(DnsRecord)
    .by(byZone, keyText(keyOf(zone)))
    .map(keyOf);

export function recordsController(ours: OurDns): DeclaredController {
  const { dns } = ours;
  return controller(DnsRecord, {
    // Not each status of the zone: all of its records are looked at again.
    watches: [watches(DnsZone, recordsOf, { predicate: generationChanged })],
    every: "5m", // nobody tells us what is changed at the provider
    concurrency: 4, // runs wait for the provider, not for the processor

    async reconcile(record, ctx) {
      const zone = await ctx.get(DnsZone, record.spec.zone);
      if (zone === undefined) {
        ctx.status.condition("Ready", false, "NoZone", `there is no zone ${record.spec.zone}`);
        return ctx.done(); // its watch brings us back
      }
      const { name, type, values, ttl } = record.spec;
      const { domain } = zone.spec;
      const owner = ownerOf(ours.cluster, record.metadata.uid);
      const wanted = { name: fullName(name, domain), type, values, ttl, owner };
      return honestly(ctx, () => keep(record, wanted, domain, dns, ctx));
    },

    finalize: (record, ctx) => honestly(ctx, () => remove(record, ours, ctx)),
  });
}

/** Looks at what is there, and does what is missing. */
async function keep(
  record: DnsRecord,
  wanted: RecordContent,
  domain: string,
  dns: DnsApi,
  ctx: Context,
): Promise<Outcome> {
  const { signal } = ctx;
  const knownId = record.status?.recordId;
  const known = knownId === undefined ? undefined : await dns.get(knownId, signal);
  const isOurs = (entry: DnsEntry | undefined): boolean =>
    entry?.owner === wanted.owner || (entry !== undefined && entry === known && isFree(entry));
  // Lists lag: the record that is known to be gone may still be in them.
  const gone = known === undefined ? knownId : undefined;
  let found = isOurs(known) ? known : await find(wanted, domain, gone, dns, ctx);

  if (found === undefined) {
    found = await dns.create(wanted, keyOfNext(record), signal);
    ctx.event("Created", `record ${found.id}`);
  } else if (!isOurs(found) && !(isFree(found) && record.spec.adopt)) {
    return taken(found, ctx);
  } else if (!hasContent(found, wanted)) {
    const isNew = !isOurs(found);
    found = await dns.update(found.id, wanted, signal);
    if (found === undefined) return ctx.requeueAfter(LIST_LAG_MS); // it has just gone
    ctx.event(isNew ? "Adopted" : "Mended", `record ${found.id}`);
  }
  ctx.status.set({ recordId: found.id });
  ctx.status.condition("Ready", true, "Served");
  return ctx.done();
}

/**
 * The idempotency key of the next record. It follows from what is stored: a run that was killed
 * before it could write the id down is repeated with the same key, and gets the same record. When
 * the record that is written down is gone for good, there is another key.
 */
function keyOfNext({ metadata, status }: DnsRecord): string {
  return `${metadata.uid}/${status?.recordId ?? "first"}`;
}

/** Ours if there is one, else anybody's of that name. */
async function find(
  { name, type, owner }: RecordContent,
  domain: string,
  gone: string | undefined,
  dns: DnsApi,
  { signal }: Context,
): Promise<DnsEntry | undefined> {
  const all = await dns.list({ domain }, signal);
  const there = all.filter((each) => each.id !== gone);
  const named = there.find((each) => each.name === name && each.type === type);
  return there.find((each) => each.owner === owner) ?? named;
}

function taken({ id, owner }: DnsEntry, ctx: Context): Outcome {
  const why = owner === "" ? "set spec.adopt to take it over" : `it belongs to ${owner}`;
  ctx.status.condition("Ready", false, "Taken", `there is a record ${id}: ${why}`);
  return ctx.done();
}

function isFree({ owner }: DnsEntry): boolean {
  return owner === "";
}

function hasContent(found: DnsEntry, wanted: RecordContent): boolean {
  const { id: _, ...content } = found;
  return equalValues(content, wanted);
}

/** A call that was cut off may still be done, and a list shows it later. */
const SETTLED_MS = 10_000 + LIST_LAG_MS;

/**
 * The object stays until nothing of it can be left. If the record that is written down is there,
 * it is the only one. If not, an interrupted run may have made one that no list shows yet.
 */
async function remove(record: DnsRecord, { dns, cluster }: OurDns, ctx: Context): Promise<Outcome> {
  const { signal } = ctx;
  const { metadata, status } = record;
  const owner = ownerOf(cluster, metadata.uid);
  const { recordId } = status ?? {};
  const known = recordId === undefined ? undefined : await dns.get(recordId, signal);
  if (known?.owner === owner) {
    await dns.delete(known.id, signal);
    return ctx.done();
  }
  for (const { id } of await dns.list({ owner }, signal)) await dns.delete(id, signal);
  const leftMs = parseApiTime(metadata.deletionTimestamp ?? "") + SETTLED_MS - ctx.now();
  if (!(leftMs > 0)) return ctx.done();
  const message = "the provider's lists lag: it is looked at once more before this one may go";
  ctx.status.condition("Ready", false, "Deleting", message);
  return ctx.requeueAfter(leftMs);
}
