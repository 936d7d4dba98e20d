/**
 * Where services are, as variables that every container finds: `WEB_SERVICE_HOST`, `WEB_PORT` and
 * their kin. Libraries of clients find the API server by `KUBERNETES_SERVICE_HOST`. Pure.
 */
import type { Pod, Service } from "../../client/builtin.ts";
import { isIPv6 } from "../../machinery/ip-address.ts";
import { compareText } from "../../machinery/key.ts";
import type { EnvEntry } from "../runtime/runtime.ts";

/** Of these, all pods are told; of others, the pods of their namespace that want to be. */
const EVERYONES = { namespace: "default", names: ["kubernetes"] };

/** The variables of `pod`'s containers, from all services there are. */
export function serviceVariables(pod: Pod, services: readonly Service[]): readonly EnvEntry[] {
  const { namespace = "" } = pod.metadata;
  const wantsLinks = pod.spec.enableServiceLinks !== false;
  const told = new Map<string, Service>();
  for (const service of services.filter(hasAddress)) {
    const { name = "", namespace: of = "" } = service.metadata;
    const isOwn = of === namespace && wantsLinks;
    const isEveryones = of === EVERYONES.namespace && EVERYONES.names.includes(name);
    // Its own namespace's service of the name hides everyone's.
    if (isOwn || (isEveryones && !told.has(name))) told.set(name, service);
  }
  const inOrder = [...told].sort(([a], [b]) => compareText(a, b));
  return inOrder.flatMap(([name, service]) => variablesOf(variableName(name), service));
}

function hasAddress({ spec: { clusterIP = "" } }: Service): boolean {
  return clusterIP !== "" && clusterIP !== "None";
}

function variablesOf(prefix: string, { spec }: Service): readonly EnvEntry[] {
  const { clusterIP = "", ports = [] } = spec;
  const [first] = ports;
  if (first === undefined) return [];
  const named = ports.filter(({ name = "" }) => name !== "");
  const url = ({ port, protocol = "TCP" }: typeof first): string => {
    const host = isIPv6(clusterIP) ? `[${clusterIP}]` : clusterIP;
    return `${protocol.toLowerCase()}://${host}:${port}`;
  };
  const links = ports.flatMap((port) => {
    const { protocol = "TCP" } = port;
    const link = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`;
    return [
      { name: link, value: url(port) },
      { name: `${link}_PROTO`, value: protocol.toLowerCase() },
      { name: `${link}_PORT`, value: String(port.port) },
      { name: `${link}_ADDR`, value: clusterIP },
    ];
  });
  return [
    { name: `${prefix}_SERVICE_HOST`, value: clusterIP },
    { name: `${prefix}_SERVICE_PORT`, value: String(first.port) },
    ...named.map(({ name = "", port }) => ({
      name: `${prefix}_SERVICE_PORT_${variableName(name)}`,
      value: String(port),
    })),
    { name: `${prefix}_PORT`, value: url(first) },
    ...links,
  ];
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
