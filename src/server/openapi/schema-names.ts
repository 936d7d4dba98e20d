/**
 * Published names of the built-in shapes. A shape is known by its table of fields, which copies
 * of a schema with other patch rules share.
 */
import * as appsV1 from "../../apis/apps/v1/schema.generated.ts";
import * as autoscalingV1 from "../../apis/autoscaling/v1/schema.generated.ts";
import * as coordinationV1 from "../../apis/coordination/v1/schema.generated.ts";
import * as coreV1 from "../../apis/core/v1/schema.generated.ts";
import * as discoveryV1 from "../../apis/discovery/v1/schema.generated.ts";
import * as metaV1 from "../../apis/meta/v1/schema.generated.ts";
import * as policyV1 from "../../apis/policy/v1/schema.generated.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";

type Fields = NonNullable<StructuralSchema["properties"]>;
type Module = Readonly<Record<string, StructuralSchema>>;

const MODULES: readonly (readonly [prefix: string, module: Module])[] = [
  ["io.k8s.api.apps.v1", appsV1],
  ["io.k8s.api.autoscaling.v1", autoscalingV1],
  ["io.k8s.api.coordination.v1", coordinationV1],
  ["io.k8s.api.core.v1", coreV1],
  ["io.k8s.api.discovery.v1", discoveryV1],
  ["io.k8s.apimachinery.pkg.apis.meta.v1", metaV1],
  ["io.k8s.api.policy.v1", policyV1],
];

const namesByFields: ReadonlyMap<Fields, string> = new Map(
  MODULES.flatMap(([prefix, module]) =>
    Object.values(module).flatMap(
      ({ properties, typeName }): readonly (readonly [Fields, string])[] =>
        properties === undefined || typeName === undefined
          ? []
          : [[properties, `${prefix}.${typeName}`]],
    ),
  ),
);

/** `io.k8s.api.core.v1.Pod`; undefined for a shape without a name of its own. */
export function schemaName(schema: StructuralSchema): string | undefined {
  return schema.properties === undefined ? undefined : namesByFields.get(schema.properties);
}
