/** How to reach what was started: lines for people to copy. */
import type { Pod, Service } from "../client/builtin.ts";
import { isConditionTrue } from "../machinery/conditions.ts";
import { matchesLabels, queryOfLabels } from "../machinery/labels.ts";

/** `curl` lines for each TCP port of a Service, answered by one of its ready pods. */
export function curlLines(service: Service, pods: readonly Pod[]): readonly string[] {
  const { selector, ports } = service.spec;
  if (selector === undefined) return [];
  const query = queryOfLabels(selector);
  const pod = pods.find(
    (candidate) =>
      matchesLabels(query, candidate.metadata.labels) &&
      isConditionTrue(candidate.status.conditions, "Ready"),
  );
  const address = pod?.status.podIP;
  if (pod === undefined || address === undefined) return [];
  return (ports ?? []).flatMap(({ targetPort, port, protocol }) => {
    const number = portNumber(pod, targetPort ?? port);
    const isTcp = protocol === undefined || protocol === "TCP";
    return isTcp && number !== undefined ? [`curl http://${address}:${number}/`] : [];
  });
}

function portNumber(pod: Pod, port: number | string): number | undefined {
  if (typeof port === "number") return port;
  const named = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find(({ name }) => name === port);
  return named?.containerPort;
}
