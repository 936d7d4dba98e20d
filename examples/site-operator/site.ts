/** The kind: its defaults and its definition for the server follow from the schema. */
import { defineResource, type DefinedResource } from "setpoint/controller-runtime";
import { z } from "zod";

export type SiteSpec = {
  readonly image: string;
  readonly replicas: number;
  readonly port: number;
};
export type SiteStatus = { readonly readyReplicas?: number | undefined };
/** As it is written: what has a default may be left out. */
export type SiteInput = Pick<SiteSpec, "image"> & Partial<SiteSpec>;

/** The types are those of the schema (`ObjectOf<typeof Site>`): here they are said, and checked. */
export const Site: DefinedResource<SiteSpec, SiteStatus, SiteInput> = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  description: "A web site: so many equal web servers behind one address.",
  spec: z.object({
    image: z.string().min(1).describe("What the web servers run."),
    replicas: z.int().min(0).max(50).default(1).describe("How many of them."),
    port: z.int().min(1).max(65_535).default(80).describe("Where they listen."),
  }),
  status: z.object({ readyReplicas: z.int().optional() }),
});
