/** Slices: devices that a driver has, on a node or for several. */
import { apiTime } from "../../../machinery/api-time.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy, WriteMoment } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { resourceSliceSchema } from "./schema.generated.ts";
import { sliceErrors, sliceUpdateErrors } from "./slice-validation.ts";
import type { ResourceSlice } from "./types.generated.ts";

export const resourceSliceStrategy: Strategy<ResourceSlice> = {
  ...ORDINARY,
  names: {
    group: "resource.k8s.io",
    version: "v1",
    kind: "ResourceSlice",
    plural: "resourceslices",
    singular: "resourceslice",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: resourceSliceSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (slice) => canonicalForm(slice, resourceSliceSchema),
  prepareForCreate: (slice, moment) => withoutMappings(withTaintTimes(slice, moment)),
  prepareForUpdate: (next, old, moment) => {
    const timed = withTaintTimes(next, moment);
    return hasMappings(old) ? timed : withoutMappings(timed);
  },
  validate: (next, old) => [
    ...(old === undefined ? [] : sliceUpdateErrors(next, old)),
    ...sliceErrors(next, old),
  ],
  warnings: ({ spec: { driver } }) =>
    driver === driver.toLowerCase()
      ? []
      : [
          `spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} ` +
            "contains uppercase characters",
        ],
  isReturnedWhenDeleted: true,
  fieldSelectors: {
    "spec.driver": (slice) => slice.spec.driver,
    "spec.nodeName": (slice) => slice.spec.nodeName ?? "",
  },
  columns: [
    NAME_COLUMN,
    column("Node", "The node that has the devices."),
    column("Driver", "The driver that knows them."),
    column("Pool", "The pool they are of."),
    AGE_COLUMN,
  ],
  row: (slice, nowMs) => [
    nameOf(slice),
    slice.spec.nodeName ?? "",
    slice.spec.driver,
    slice.spec.pool.name,
    ageOf(slice, nowMs),
  ],
};

function hasMappings({ spec: { devices = [] } }: ResourceSlice): boolean {
  return devices.some((device) => device.nodeAllocatableResourceMappings !== undefined);
}

/** The field is behind a feature gate that is closed by default. */
function withoutMappings(slice: ResourceSlice): ResourceSlice {
  const { devices } = slice.spec;
  if (devices === undefined || !hasMappings(slice)) return slice;
  const kept = devices.map((device) => {
    const { nodeAllocatableResourceMappings: _, ...rest } = device;
    return rest;
  });
  return { ...slice, spec: { ...slice.spec, devices: kept } };
}

/** A taint without a time is of now. */
function withTaintTimes(slice: ResourceSlice, { nowMs }: WriteMoment): ResourceSlice {
  const { devices } = slice.spec;
  if (devices?.some(({ taints = [] }) => taints.some(({ timeAdded }) => !timeAdded)) !== true) {
    return slice;
  }
  const now = apiTime(nowMs);
  return {
    ...slice,
    spec: {
      ...slice.spec,
      devices: devices.map((device) => {
        const { taints } = device;
        if (taints === undefined) return device;
        const timed = taints.map((taint) => ({ ...taint, timeAdded: taint.timeAdded ?? now }));
        return { ...device, taints: timed };
      }),
    },
  };
}
