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
  prepareForCreate: withTaintTimes,
  prepareForUpdate: (next, _old, moment) => withTaintTimes(next, moment),
  validate: sliceErrors,
  validateUpdate: sliceUpdateErrors,
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
