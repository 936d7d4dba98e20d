import type { ContainerPort } from "../../apis/core/v1/types.generated.ts";
import type { Pod } from "../../client/builtin.ts";
import { SKIP, type Plugin } from "../framework.ts";

type HostPort = { readonly ip: string; readonly port: number; readonly protocol: string };

const EVERY_ADDRESS = "0.0.0.0";

/** A port of a node is for one pod. */
export const nodePorts: Plugin = {
  name: "NodePorts",
  wakesOn: ["node-added", "pod-gone"],
  preFilter: (pod) => {
    const wanted = hostPortsOf(pod);
    if (wanted.length === 0) return SKIP;
    const reasons = ["node(s) didn't have free ports for the requested pod ports"];
    return {
      kind: "judge",
      filter: ({ pods }) => {
        for (const other of pods) {
          const taken = hostPortsOf(other);
          if (wanted.some((port) => taken.some((used) => isSamePlace(port, used)))) return reasons;
        }
        return [];
      },
    };
  },
};

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter((init) => init.restartPolicy === "Always");
  return [...spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap(hostPortOf),
  );
}

function hostPortOf({
  hostPort = 0,
  hostIP = "",
  protocol = "",
}: ContainerPort): readonly HostPort[] {
  if (hostPort <= 0) return [];
  const ip = hostIP === "" || hostIP === "::" ? EVERY_ADDRESS : hostIP;
  return [{ ip, port: hostPort, protocol: protocol === "" ? "TCP" : protocol }];
}

function isSamePlace(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || a.ip === EVERY_ADDRESS || b.ip === EVERY_ADDRESS;
}
