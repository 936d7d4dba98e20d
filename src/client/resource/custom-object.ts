/** The shape of objects of defined kinds. */
import type { Condition } from "../../machinery/conditions.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";

/** What every status has, besides what its schema says. */
export type CommonStatus = {
  /** The generation that the status speaks of. */
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
};

/** An object of a defined kind as a server answers it: defaults are filled in. */
export type CustomObject<Spec = unknown, Status = unknown> = ApiObject & {
  readonly spec: Spec;
  /** Absent until a controller has written one. */
  readonly status?: Status & CommonStatus;
};

/** An object of a defined kind as people write it: fields with defaults may be left out. */
export type NewCustomObject<Spec = unknown> = {
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
};
