/**
 * Published names of the built-in shapes. A shape is known by its table of fields, which copies
 * of a schema with other patch rules share.
 */
import * as admissionregistrationV1 from "../../apis/admissionregistration/v1/schema.generated.ts";
import * as apiextensionsV1 from "../../apis/apiextensions/v1/schema.generated.ts";
import * as apiregistrationV1 from "../../apis/apiregistration/v1/schema.generated.ts";
import * as appsV1 from "../../apis/apps/v1/schema.generated.ts";
import * as authenticationV1 from "../../apis/authentication/v1/schema.generated.ts";
import * as authorizationV1 from "../../apis/authorization/v1/schema.generated.ts";
import * as autoscalingV1 from "../../apis/autoscaling/v1/schema.generated.ts";
import * as autoscalingV2 from "../../apis/autoscaling/v2/schema.generated.ts";
import * as batchV1 from "../../apis/batch/v1/schema.generated.ts";
import * as certificatesV1 from "../../apis/certificates/v1/schema.generated.ts";
import * as coordinationV1 from "../../apis/coordination/v1/schema.generated.ts";
import * as coreV1 from "../../apis/core/v1/schema.generated.ts";
import * as discoveryV1 from "../../apis/discovery/v1/schema.generated.ts";
import * as eventsV1 from "../../apis/events/v1/schema.generated.ts";
import * as flowcontrolV1 from "../../apis/flowcontrol/v1/schema.generated.ts";
import * as metaV1 from "../../apis/meta/v1/schema.generated.ts";
import * as networkingV1 from "../../apis/networking/v1/schema.generated.ts";
import * as nodeV1 from "../../apis/node/v1/schema.generated.ts";
import * as policyV1 from "../../apis/policy/v1/schema.generated.ts";
import * as rbacV1 from "../../apis/rbac/v1/schema.generated.ts";
import * as resourceV1 from "../../apis/resource/v1/schema.generated.ts";
import * as schedulingV1 from "../../apis/scheduling/v1/schema.generated.ts";
import * as storageV1 from "../../apis/storage/v1/schema.generated.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import { metaShapeNames } from "./meta-shapes.ts";

type Fields = NonNullable<StructuralSchema["properties"]>;
type Module = Readonly<Record<string, StructuralSchema>>;

const MODULES: readonly (readonly [prefix: string, module: Module])[] = [
  ["io.k8s.api.admissionregistration.v1", admissionregistrationV1],
  ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1", apiextensionsV1],
  ["io.k8s.kube-aggregator.pkg.apis.apiregistration.v1", apiregistrationV1],
  ["io.k8s.api.apps.v1", appsV1],
  ["io.k8s.api.authentication.v1", authenticationV1],
  ["io.k8s.api.authorization.v1", authorizationV1],
  ["io.k8s.api.autoscaling.v1", autoscalingV1],
  ["io.k8s.api.autoscaling.v2", autoscalingV2],
  ["io.k8s.api.batch.v1", batchV1],
  ["io.k8s.api.certificates.v1", certificatesV1],
  ["io.k8s.api.coordination.v1", coordinationV1],
  ["io.k8s.api.core.v1", coreV1],
  ["io.k8s.api.discovery.v1", discoveryV1],
  ["io.k8s.api.events.v1", eventsV1],
  ["io.k8s.api.flowcontrol.v1", flowcontrolV1],
  ["io.k8s.apimachinery.pkg.apis.meta.v1", metaV1],
  ["io.k8s.api.networking.v1", networkingV1],
  ["io.k8s.api.node.v1", nodeV1],
  ["io.k8s.api.policy.v1", policyV1],
  ["io.k8s.api.rbac.v1", rbacV1],
  ["io.k8s.api.resource.v1", resourceV1],
  ["io.k8s.api.scheduling.v1", schedulingV1],
  ["io.k8s.api.storage.v1", storageV1],
];

const namesByFields: ReadonlyMap<Fields, string> = new Map([
  ...[...metaShapeNames].flatMap(
    ([name, { properties }]): readonly (readonly [Fields, string])[] =>
      properties === undefined ? [] : [[properties, name]],
  ),
  ...MODULES.flatMap(([prefix, module]) =>
    Object.values(module).flatMap(
      ({ properties, typeName }): readonly (readonly [Fields, string])[] =>
        properties === undefined || typeName === undefined
          ? []
          : [[properties, `${prefix}.${typeName}`]],
    ),
  ),
]);

/** `io.k8s.api.core.v1.Pod`; undefined for a shape without a name of its own. */
export function schemaName(schema: StructuralSchema): string | undefined {
  return schema.properties === undefined
    ? namesOfPlain.get(schema)
    : namesByFields.get(schema.properties);
}

/** Shapes without fields that have a name. */
const namesOfPlain: ReadonlyMap<StructuralSchema, string> = new Map(
  [...metaShapeNames]
    .filter(([, schema]) => schema.properties === undefined)
    .map(([name, schema]) => [schema, name] as const),
);

const schemasByName: ReadonlyMap<string, StructuralSchema> = new Map(
  MODULES.flatMap(([prefix, module]) =>
    Object.values(module).map((schema) => [`${prefix}.${schema.typeName ?? ""}`, schema] as const),
  ),
);

/** The inverse of `schemaName`. */
export function schemaNamed(name: string): StructuralSchema | undefined {
  return schemasByName.get(name);
}
