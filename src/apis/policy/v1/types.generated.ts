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
