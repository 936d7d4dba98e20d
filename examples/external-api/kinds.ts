/** The kinds: a DnsZone is a domain at the provider, a DnsRecord one name in it. */
import { defineResource, type DefinedResource } from "setpoint/controller-runtime";
import { z } from "zod";

export type ZoneSpec = { readonly domain: string; readonly orphans: "Delete" | "Report" };
export type ZoneStatus = {
  /** Our records at the provider. */
  readonly records?: number | undefined;
  /** Those that no DnsRecord stands for, as of the last look. */
  readonly orphans?: readonly string[] | undefined;
  readonly retryAt?: string | undefined;
};

const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;
const LABEL = /^(@|\*|(\*\.)?[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$/;

/** Checked by the API server itself. A record elsewhere is another record. */
function fixed(field: string): { readonly rule: string; readonly message: string } {
  return { rule: `self.spec.${field} == oldSelf.spec.${field}`, message: `spec.${field} is fixed` };
}

export const DnsZone: DefinedResource<
  ZoneSpec,
  ZoneStatus,
  Pick<ZoneSpec, "domain"> & Partial<ZoneSpec>
> = defineResource({
  group: "dns.example.dev",
  version: "v1",
  kind: "DnsZone",
  description: "A domain at the provider.",
  spec: z.object({
    domain: z.string().max(253).regex(DOMAIN),
    orphans: z
      .enum(["Delete", "Report"])
      .default("Report")
      .describe("What becomes of our records that no DnsRecord stands for."),
  }),
  status: z.object({
    records: z.int().optional(),
    orphans: z.array(z.string()).readonly().optional(),
    retryAt: z.string().optional(),
  }),
  rules: [fixed("domain")],
  columns: [
    { name: "Domain", type: "string", jsonPath: ".spec.domain" },
    { name: "Records", type: "integer", jsonPath: ".status.records" },
    { name: "Synced", type: "string", jsonPath: '.status.conditions[?(@.type=="Synced")].status' },
    { name: "Orphans", type: "string", jsonPath: ".status.orphans" },
  ],
});

export type RecordSpec = {
  readonly zone: string;
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT";
  readonly values: readonly string[];
  readonly ttl: number;
  readonly adopt: boolean;
};
export type RecordStatus = {
  /** What the provider calls it. Lost, it is found again. */
  readonly recordId?: string | undefined;
  /** When the provider is asked again, while it refuses or is away. */
  readonly retryAt?: string | undefined;
};

export const DnsRecord: DefinedResource<
  RecordSpec,
  RecordStatus,
  Pick<RecordSpec, "zone" | "name" | "type" | "values"> & Partial<RecordSpec>
> = defineResource({
  group: "dns.example.dev",
  version: "v1",
  kind: "DnsRecord",
  description: "A name in a zone, and what it stands for.",
  spec: z.object({
    zone: z.string().min(1).describe("A DnsZone of the same namespace."),
    name: z.string().max(253).regex(LABEL).describe("Relative to the zone; @ is the zone itself."),
    type: z.enum(["A", "AAAA", "CNAME", "TXT"]),
    values: z.array(z.string().min(1).max(1_024)).min(1).max(100).readonly(),
    ttl: z.int().min(30).max(86_400).default(300).describe("In seconds."),
    adopt: z.boolean().default(false).describe("Take over a record that nobody else manages."),
  }),
  status: z.object({ recordId: z.string().optional(), retryAt: z.string().optional() }),
  rules: [fixed("zone"), fixed("name"), fixed("type")],
  columns: [
    { name: "Name", type: "string", jsonPath: ".spec.name" },
    { name: "Type", type: "string", jsonPath: ".spec.type" },
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Synced", type: "string", jsonPath: '.status.conditions[?(@.type=="Synced")].reason' },
    { name: "Retry", type: "string", jsonPath: ".status.retryAt" },
    { name: "Id", type: "string", jsonPath: ".status.recordId", priority: 1 },
  ],
});
