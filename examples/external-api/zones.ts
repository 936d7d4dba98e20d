/**
 * Looks through each zone for records of ours that no DnsRecord stands for: of objects whose
 * finalizer somebody took off by hand, or that were lost with their cluster's storage.
 */
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import type { DnsEntry } from "./dns-api.ts";
import { honestly } from "./honest.ts";
import { DnsRecord, DnsZone } from "./kinds.ts";
import { ownerOf, type OurDns } from "./records.ts";

/** At a time: a mistake that makes all records orphans is noticed before all are gone. */
export const ORPHANS_DELETED_MAX = 10;

export function zonesController({ dns, cluster }: OurDns): DeclaredController {
  return controller(DnsZone, {
    reads: [DnsRecord],
    every: "10m",
    reconcile: (zone, ctx) =>
      honestly(ctx, async () => {
        const all = await dns.list({ domain: zone.spec.domain }, ctx.signal);
        const ours = all.filter(({ owner }) => owner.startsWith(ownerOf(cluster)));
        // In this order: whoever has a record at the provider was in the cluster before it.
        const records = await ctx.list(DnsRecord, { namespace: "" });
        const owners = new Set(records.map(({ metadata }) => ownerOf(cluster, metadata.uid)));
        const orphans = ours.filter(({ owner }) => !owners.has(owner));

        // Told first, deleted at the next look: people have ten minutes to object.
        const told = new Set(zone.status?.orphans);
        const isDue = ({ id }: DnsEntry): boolean => zone.spec.orphans === "Delete" && told.has(id);
        const due = orphans.filter(isDue).slice(0, ORPHANS_DELETED_MAX);
        for (const { id, name } of due) {
          await dns.delete(id, ctx.signal);
          ctx.event("OrphanDeleted", `record ${id} (${name}) belonged to nobody`);
        }
        const left = orphans.filter((orphan) => !due.includes(orphan)).map(({ id }) => id);
        ctx.status.set({ records: ours.length, orphans: left.toSorted() });
        return ctx.done();
      }),
  });
}
