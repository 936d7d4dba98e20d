// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  int32,
  intOrString,
  listOf,
  mapListOf,
  object,
  patched,
  text,
} from "../../schema-terms.ts";

export const httpIngressPathSchema: StructuralSchema = object({
  backend: () => ingressBackendSchema,
  path: text,
  pathType: text,
}, { typeName: "HTTPIngressPath", required: ["pathType","backend"] });

export const httpIngressRuleValueSchema: StructuralSchema = object({
  paths: listOf(() => httpIngressPathSchema),
}, { typeName: "HTTPIngressRuleValue", required: ["paths"] });

export const ipAddressSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => ipAddressSpecSchema,
}, { typeName: "IPAddress", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const ipAddressSpecSchema: StructuralSchema = object({
  parentRef: () => parentReferenceSchema,
}, { typeName: "IPAddressSpec", required: ["parentRef"] });

export const ipBlockSchema: StructuralSchema = object({
  cidr: text,
  except: listOf(text),
}, { typeName: "IPBlock", required: ["cidr"] });

export const ingressSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => ingressSpecSchema,
  status: () => ingressStatusSchema,
}, { typeName: "Ingress", writtenWhenEmpty: ["metadata","spec","status"] });

export const ingressBackendSchema: StructuralSchema = object({
  resource: () => coreV1.typedLocalObjectReferenceSchema,
  service: () => ingressServiceBackendSchema,
}, { typeName: "IngressBackend" });

export const ingressClassSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => ingressClassSpecSchema,
}, { typeName: "IngressClass", writtenWhenEmpty: ["metadata","spec"] });

export const ingressClassParametersReferenceSchema: StructuralSchema = object({
  apiGroup: text,
  kind: text,
  name: text,
  namespace: text,
  scope: text,
}, { typeName: "IngressClassParametersReference", required: ["kind","name"], keptWhenZero: ["apiGroup","namespace","scope"] });

export const ingressClassSpecSchema: StructuralSchema = object({
  controller: text,
  parameters: () => ingressClassParametersReferenceSchema,
}, { typeName: "IngressClassSpec" });

export const ingressLoadBalancerIngressSchema: StructuralSchema = object({
  hostname: text,
  ip: text,
  ports: listOf(() => ingressPortStatusSchema),
}, { typeName: "IngressLoadBalancerIngress" });

export const ingressLoadBalancerStatusSchema: StructuralSchema = object({
  ingress: listOf(() => ingressLoadBalancerIngressSchema),
}, { typeName: "IngressLoadBalancerStatus" });

export const ingressPortStatusSchema: StructuralSchema = object({
  error: text,
  port: int32,
  protocol: text,
}, { typeName: "IngressPortStatus", required: ["port","protocol"], keptWhenZero: ["error"] });

export const ingressRuleSchema: StructuralSchema = object({
  host: text,
  http: () => httpIngressRuleValueSchema,
}, { typeName: "IngressRule" });

export const ingressServiceBackendSchema: StructuralSchema = object({
  name: text,
  port: () => serviceBackendPortSchema,
}, { typeName: "IngressServiceBackend", required: ["name"], writtenWhenEmpty: ["port"] });

export const ingressSpecSchema: StructuralSchema = object({
  defaultBackend: () => ingressBackendSchema,
  ingressClassName: text,
  rules: listOf(() => ingressRuleSchema),
  tls: listOf(() => ingressTLSSchema),
}, { typeName: "IngressSpec", keptWhenZero: ["ingressClassName"] });

export const ingressStatusSchema: StructuralSchema = object({
  loadBalancer: () => ingressLoadBalancerStatusSchema,
}, { typeName: "IngressStatus", writtenWhenEmpty: ["loadBalancer"] });

export const ingressTLSSchema: StructuralSchema = object({
  hosts: listOf(text),
  secretName: text,
}, { typeName: "IngressTLS" });

export const networkPolicySchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => networkPolicySpecSchema,
}, { typeName: "NetworkPolicy", writtenWhenEmpty: ["metadata","spec"] });

export const networkPolicyEgressRuleSchema: StructuralSchema = object({
  ports: listOf(() => networkPolicyPortSchema),
  to: listOf(() => networkPolicyPeerSchema),
}, { typeName: "NetworkPolicyEgressRule" });

export const networkPolicyIngressRuleSchema: StructuralSchema = object({
  from: listOf(() => networkPolicyPeerSchema),
  ports: listOf(() => networkPolicyPortSchema),
}, { typeName: "NetworkPolicyIngressRule" });

export const networkPolicyPeerSchema: StructuralSchema = object({
  ipBlock: () => ipBlockSchema,
  namespaceSelector: () => metaV1.labelSelectorSchema,
  podSelector: () => metaV1.labelSelectorSchema,
}, { typeName: "NetworkPolicyPeer" });

export const networkPolicyPortSchema: StructuralSchema = object({
  endPort: int32,
  port: intOrString,
  protocol: text,
}, { typeName: "NetworkPolicyPort", keptWhenZero: ["endPort","protocol"] });

export const networkPolicySpecSchema: StructuralSchema = object({
  egress: listOf(() => networkPolicyEgressRuleSchema),
  ingress: listOf(() => networkPolicyIngressRuleSchema),
  podSelector: () => metaV1.labelSelectorSchema,
  policyTypes: listOf(text),
}, { typeName: "NetworkPolicySpec", writtenWhenEmpty: ["podSelector"] });

export const parentReferenceSchema: StructuralSchema = object({
  group: text,
  name: text,
  namespace: text,
  resource: text,
}, { typeName: "ParentReference", required: ["resource","name"] });

export const serviceBackendPortSchema: StructuralSchema = object({
  name: text,
  number: int32,
}, { typeName: "ServiceBackendPort", mapType: "atomic" });

export const serviceCIDRSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => serviceCIDRSpecSchema,
  status: () => serviceCIDRStatusSchema,
}, { typeName: "ServiceCIDR", writtenWhenEmpty: ["metadata","spec","status"] });

export const serviceCIDRSpecSchema: StructuralSchema = object({
  cidrs: listOf(text),
}, { typeName: "ServiceCIDRSpec" });

export const serviceCIDRStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => metaV1.conditionSchema, ["type"]), "merge", "type"),
}, { typeName: "ServiceCIDRStatus" });
