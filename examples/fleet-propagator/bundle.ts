/** The kind on the hub: ConfigMaps, and the clusters that shall have them. */
import { defineResource, type DefinedResource } from "setpoint/controller-runtime";
import { z } from "zod";

export type BundleSpec = {
  readonly clusters: Readonly<Record<string, string>>;
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** How one cluster is. */
export type ClusterStatus = {
  readonly name: string;
  /** Away: it does not answer, and has what it had when it did. */
  readonly state: "Synced" | "Away" | "Failed";
  readonly message: string;
};

export type BundleStatus = {
  readonly clusters?: readonly ClusterStatus[] | undefined;
  /** For people: `2/3`. */
  readonly synced?: string | undefined;
};

export type BundleInput = Pick<BundleSpec, "configMaps"> & Partial<BundleSpec>;

const texts = z.record(z.string(), z.string());

export const Bundle: DefinedResource<BundleSpec, BundleStatus, BundleInput> = defineResource({
  group: "fleet.example.dev",
  version: "v1",
  kind: "Bundle",
  description: "ConfigMaps that are kept alike in all clusters with the given labels.",
  columns: [{ name: "Synced", type: "string", jsonPath: ".status.synced" }],
  spec: z.object({
    clusters: texts.default({}).describe("Labels that a cluster must have; none: every cluster."),
    configMaps: z.record(z.string(), texts).describe("By name: the data of each."),
  }),
  status: z.object({
    synced: z.string().optional(),
    clusters: z
      .array(
        z.object({
          name: z.string(),
          state: z.enum(["Synced", "Away", "Failed"]),
          message: z.string(),
        }),
      )
      .optional(),
  }),
});
