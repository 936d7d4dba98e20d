/** What people are told of services that are accepted, and may still not be what they meant. */
import { ipWarning } from "./legacy-ip.ts";
import { HEADLESS } from "./service-allocation.ts";
import type { Service } from "./types.generated.ts";

const HINTS = "service.kubernetes.io/topology-aware-hints";
const MODE = "service.kubernetes.io/topology-mode";

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const { type, clusterIP, externalIPs = [], loadBalancerIP = "", trafficDistribution } = spec;
  const isHeadless = type === "ClusterIP" && clusterIP === HEADLESS;
  const isName = type === "ExternalName";
  const hasAddresses = externalIPs.length > 0;
  return [
    ...(Object.hasOwn(metadata.annotations ?? {}, HINTS)
      ? [`annotation ${HINTS} is deprecated, please use ${MODE} instead`]
      : []),
    ...(clusterIP === HEADLESS || isName
      ? []
      : (spec.clusterIPs ?? []).flatMap((ip, index) => ipWarning(`spec.clusterIPs[${index}]`, ip))),
    ...(isHeadless ? ofHeadless(spec) : []),
    ...externalIPs.flatMap((ip, index) => ipWarning(`spec.externalIPs[${index}]`, ip)),
    ...(hasAddresses && !isHeadless && !isName
      ? ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"]
      : []),
    ...ipWarning("spec.loadBalancerIP", loadBalancerIP),
    ...(isName && hasAddresses
      ? [`spec.externalIPs is ignored when spec.type is "ExternalName"`]
      : []),
    ...(!isName && (spec.externalName ?? "") !== ""
      ? [`spec.externalName is ignored when spec.type is not "ExternalName"`]
      : []),
    ...(trafficDistribution === "PreferClose"
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : []),
  ];
}

function ofHeadless(spec: Service["spec"]): readonly string[] {
  const { externalIPs = [], loadBalancerIP = "", sessionAffinity } = spec;
  return [
    ...(loadBalancerIP === "" ? [] : ["spec.loadBalancerIP is ignored for headless services"]),
    ...(externalIPs.length === 0 ? [] : ["spec.externalIPs is ignored for headless services"]),
    ...(sessionAffinity === "None"
      ? []
      : ["spec.SessionAffinity is ignored for headless services"]),
  ];
}
