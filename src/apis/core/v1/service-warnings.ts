/** What people are told of services that are accepted, and may still not be what they meant. */
import { isHeadless } from "./service-allocation.ts";
import type { Service } from "./types.generated.ts";

export function serviceWarnings(service: Service): readonly string[] {
  const { spec } = service;
  const headless = isHeadless(service);
  return [
    ...(spec.externalName !== undefined && spec.externalName !== "" && spec.type !== "ExternalName"
      ? [`spec.externalName is ignored when spec.type is not "ExternalName"`]
      : []),
    ...(headless && (spec.loadBalancerIP ?? "") !== ""
      ? ["spec.loadBalancerIP is ignored for headless services"]
      : []),
    ...(headless && (spec.externalIPs ?? []).length > 0
      ? ["spec.externalIPs is ignored for headless services"]
      : []),
    ...(headless && spec.sessionAffinity !== undefined && spec.sessionAffinity !== "None"
      ? ["spec.SessionAffinity is ignored for headless services"]
      : []),
  ];
}
