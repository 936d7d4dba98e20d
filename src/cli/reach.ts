/** How to reach what was started: addresses for people to copy, tried before they are shown. */
import { connect } from "node:net";
import type { Env } from "../base/env.ts";
import type { Pod, Service } from "../client/builtin.ts";
import { isConditionTrue } from "../machinery/conditions.ts";
import { matchesLabels, queryOfLabels } from "../machinery/labels.ts";

export type Address = { readonly host: string; readonly port: number };

/**
 * Where a TCP port of a Service may answer: at the Service itself, else at a ready pod behind it.
 */
export type Way = { readonly service: Address | undefined; readonly pod: Address | undefined };

/** One way for each TCP port. */
export function waysTo(service: Service, pods: readonly Pod[]): readonly Way[] {
  const { selector, ports, clusterIP } = service.spec;
  if (selector === undefined) return [];
  const query = queryOfLabels(selector);
  const pod = pods.find(
    (candidate) =>
      matchesLabels(query, candidate.metadata.labels) &&
      isConditionTrue(candidate.status.conditions, "Ready"),
  );
  const hasAddress = clusterIP !== undefined && clusterIP !== "None" && clusterIP !== "";
  return (ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === "TCP")
    .map(({ port, targetPort }) => {
      const podPort = pod === undefined ? undefined : portNumber(pod, targetPort ?? port);
      const podIP = pod?.status.podIP;
      return {
        service: hasAddress ? { host: clusterIP, port } : undefined,
        pod:
          podIP === undefined || podPort === undefined ? undefined : { host: podIP, port: podPort },
      };
    });
}

/** The first address of the way that takes a connection within `withinMs`. */
export async function firstAnswering(
  way: Way,
  withinMs: number,
  env: Env,
  signal: AbortSignal,
): Promise<Address | undefined> {
  for (const address of [way.service, way.pod]) {
    if (address === undefined) continue;
    const endMs = env.clock.monotonic() + withinMs;
    for (;;) {
      if (await takesConnection(address)) return address;
      if (env.clock.monotonic() >= endMs) break;
      await env.timers.sleep(RETRY_MS, signal);
    }
  }
  return undefined;
}

const RETRY_MS = 50;
const CONNECT_MS_MAX = 1_000;

function takesConnection(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: CONNECT_MS_MAX });
    const end = (isTaken: boolean): void => {
      socket.destroy();
      resolve(isTaken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function portNumber(pod: Pod, port: number | string): number | undefined {
  if (typeof port === "number") return port;
  const named = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find(({ name }) => name === port);
  return named?.containerPort;
}
