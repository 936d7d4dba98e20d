/** Drivers of volumes, and what they need of those who call them. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { duplicate, errorIf, invalid, noneOrOneOf, unsupported } from "../../field-errors.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { csiDriverSchema } from "./schema.generated.ts";
import type { CSIDriver, CSIDriverSpec, TokenRequest } from "./types.generated.ts";

const GROUP_POLICIES: readonly string[] = ["File", "None", "ReadWriteOnceWithFSType"];
const MODES: readonly string[] = ["Persistent", "Ephemeral"];
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;
const UPDATE_SECONDS_MIN = 10;

const TOKENS_IN_ATTRIBUTES =
  "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to " +
  "prevent possible logging of tokens in volume attributes";

export const csiDriverStrategy: Strategy<CSIDriver> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "CSIDriver",
    plural: "csidrivers",
    singular: "csidriver",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: csiDriverSchema,
  nameProblem: dnsSubdomainProblem,
  isUpdatedUnconditionally: false,
  applyDefaults: (driver) => withDefaults(canonicalForm(driver, csiDriverSchema)),
  prepareForCreate: withoutLimitScaling,
  prepareForUpdate: (next, old) => {
    const isInUse = old.spec.preventPodSchedulingIfMissing !== undefined;
    return countChange(isInUse ? next : withoutLimitScaling(next), old);
  },
  validate: ({ spec }) => [
    ...noneOrOneOf("spec.fsGroupPolicy", spec.fsGroupPolicy, GROUP_POLICIES),
    ...tokenErrors("spec.tokenRequests", spec.tokenRequests ?? []),
    ...(spec.volumeLifecycleModes ?? []).flatMap((mode) =>
      errorIf(!MODES.includes(mode), unsupported("spec.volumeLifecycleModes", mode, MODES)),
    ),
    ...periodErrors("spec.nodeAllocatableUpdatePeriodSeconds", spec),
    ...secretErrors("spec.serviceAccountTokenInSecrets", spec),
  ],
  validateUpdate: ({ spec: next }, { spec: old }) => [
    // The field is spelled like this upstream, too.
    ...immutableErrors("spec.attachedRequired", next.attachRequired, old.attachRequired),
    ...immutableErrors(
      "spec.volumeLifecycleModes",
      next.volumeLifecycleModes,
      old.volumeLifecycleModes,
    ),
  ],
  warnings: ({ spec: next }, old) => {
    const { tokenRequests = [], serviceAccountTokenInSecrets } = next;
    if (tokenRequests.length === 0 || serviceAccountTokenInSecrets !== undefined) return [];
    return equalValues(tokenRequests, old?.spec.tokenRequests) ? [] : [TOKENS_IN_ATTRIBUTES];
  },
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("AttachRequired", "Whether volumes are attached before they are mounted.", "boolean"),
    column("PodInfoOnMount", "Whether it is told about the pod.", "boolean"),
    column("StorageCapacity", "Whether the capacity it reports is heeded.", "boolean"),
    column("TokenRequests", "Audiences of tokens it is given."),
    column("RequiresRepublish", "Whether it is called again and again.", "boolean"),
    column("Modes", "Kinds of volumes it has."),
    AGE_COLUMN,
  ],
  row: driverRow,
};

function withDefaults(driver: CSIDriver): CSIDriver {
  const { spec } = driver;
  const { volumeLifecycleModes = [] } = spec;
  return {
    ...driver,
    spec: {
      ...spec,
      attachRequired: spec.attachRequired ?? true,
      podInfoOnMount: spec.podInfoOnMount ?? false,
      storageCapacity: spec.storageCapacity ?? false,
      fsGroupPolicy: spec.fsGroupPolicy ?? "ReadWriteOnceWithFSType",
      volumeLifecycleModes: volumeLifecycleModes.length > 0 ? volumeLifecycleModes : ["Persistent"],
      requiresRepublish: spec.requiresRepublish ?? false,
      seLinuxMount: spec.seLinuxMount ?? false,
    },
  };
}

/** The field is behind a feature gate that is closed by default. */
function withoutLimitScaling(driver: CSIDriver): CSIDriver {
  const { preventPodSchedulingIfMissing: _, ...spec } = driver.spec;
  return { ...driver, spec };
}

function secretErrors(field: string, spec: CSIDriverSpec): readonly FieldError[] {
  const { tokenRequests = [], serviceAccountTokenInSecrets: isInSecrets } = spec;
  if (isInSecrets === undefined || tokenRequests.length > 0) return [];
  const detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
  return [invalid(field, isInSecrets, detail)];
}

/** The generation counts changes only, so a new driver has none. */
function countChange(next: CSIDriver, old: CSIDriver): CSIDriver {
  if (equalValues(next.spec, old.spec)) return next;
  const generation = (old.metadata.generation ?? 0) + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

function tokenErrors(field: string, requests: readonly TokenRequest[]): readonly FieldError[] {
  const audiences = new Set<string>();
  return requests.flatMap(({ audience, expirationSeconds: seconds }, index) => {
    const path = `${field}[${index}]`;
    if (audiences.has(audience)) return [duplicate(`${path}.audience`, audience)];
    audiences.add(audience);
    if (seconds === undefined) return [];
    const expiry = `${path}.expirationSeconds`;
    const tooShort = "may not specify a duration less than 10 minutes";
    const tooLong = "may not specify a duration larger than 2^32 seconds";
    return [
      ...errorIf(seconds < TOKEN_SECONDS_MIN, invalid(expiry, seconds, tooShort)),
      ...errorIf(seconds > TOKEN_SECONDS_MAX, invalid(expiry, seconds, tooLong)),
    ];
  });
}

function periodErrors(field: string, spec: CSIDriverSpec): readonly FieldError[] {
  const { nodeAllocatableUpdatePeriodSeconds: seconds } = spec;
  const detail = `must be greater than or equal to ${UPDATE_SECONDS_MIN} seconds`;
  const isTooShort = seconds !== undefined && seconds < UPDATE_SECONDS_MIN;
  return errorIf(isTooShort, invalid(field, seconds, detail));
}

function driverRow(driver: CSIDriver, nowMs: number): readonly TableCell[] {
  const { spec } = driver;
  const { tokenRequests, volumeLifecycleModes = [] } = spec;
  return [
    nameOf(driver),
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    tokenRequests === undefined
      ? "<unset>"
      : tokenRequests.map(({ audience }) => audience).join(","),
    spec.requiresRepublish ?? false,
    volumeLifecycleModes.join(",") || NONE,
    ageOf(driver, nowMs),
  ];
}
