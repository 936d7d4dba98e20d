// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type * as coreV1 from "../../core/v1/types.generated.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";

export type Overhead = {
  readonly podFixed?: Readonly<Record<string, string>>;
};

export type RuntimeClass = {
  readonly apiVersion: "node.k8s.io/v1";
  readonly handler: string;
  readonly kind: "RuntimeClass";
  readonly metadata: ObjectMeta;
  readonly overhead?: Overhead;
  readonly scheduling?: Scheduling;
};

export type Scheduling = {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly coreV1.Toleration[];
};
