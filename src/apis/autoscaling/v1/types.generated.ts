// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { ObjectMeta } from "../../../machinery/object.ts";

export type Scale = {
  readonly apiVersion: "autoscaling/v1";
  readonly kind: "Scale";
  readonly metadata: ObjectMeta;
  readonly spec: ScaleSpec;
  readonly status: ScaleStatus;
};

export type ScaleSpec = {
  readonly replicas?: number;
};

export type ScaleStatus = {
  readonly replicas: number;
  readonly selector?: string;
};
