// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type * as metaV1 from "../../meta/v1/types.generated.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";

export type Eviction = {
  readonly apiVersion: "policy/v1";
  readonly deleteOptions?: metaV1.DeleteOptions;
  readonly kind: "Eviction";
  readonly metadata: ObjectMeta;
};

export type PodDisruptionBudget = {
  readonly apiVersion: "policy/v1";
  readonly kind: "PodDisruptionBudget";
  readonly metadata: ObjectMeta;
  readonly spec: PodDisruptionBudgetSpec;
  readonly status: PodDisruptionBudgetStatus;
};

export type PodDisruptionBudgetSpec = {
  readonly maxUnavailable?: number | string;
  readonly minAvailable?: number | string;
  readonly selector?: metaV1.LabelSelector;
  readonly unhealthyPodEvictionPolicy?: string;
};

export type PodDisruptionBudgetStatus = {
  readonly conditions?: readonly metaV1.Condition[];
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly disruptionsAllowed?: number;
  readonly expectedPods?: number;
  readonly observedGeneration?: number;
};
