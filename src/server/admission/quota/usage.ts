/** What one object counts for in quotas: names of counted things and how much of each. Pure. */
import type { PersistentVolumeClaim, Pod, Service } from "../../../apis/core/v1/types.generated.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import {
  compareQuantities,
  parseQuantity,
  quantityOf,
  subtractQuantities,
  ZERO_QUANTITY,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { Resource } from "../../registry/resource.ts";
import { hasEnded } from "../../../machinery/pod-phase.ts";
import { podAmounts, type Amounts } from "../pod-resources.ts";

/** Kinds that older quotas count by their plain name. */
const PLAIN_COUNTS: ReadonlySet<string> = new Set([
  "configmaps",
  "secrets",
  "resourcequotas",
  "replicationcontrollers",
]);
const BASIC: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const STORAGE_CLASS = ".storageclass.storage.k8s.io/";

/** `count/pods`, `count/deployments.apps` */
export function countName({ group, resource }: Resource): string {
  return group === "" ? `count/${resource}` : `count/${resource}.${group}`;
}

/** Which of these names an object of the kind can count for. */
export function countedNames(resource: Resource, names: readonly string[]): readonly string[] {
  const own = countName(resource);
  return names.filter((name) => name === own || isCounted(resource, name));
}

function isCounted({ group, resource }: Resource, name: string): boolean {
  if (group !== "") return false;
  switch (resource) {
    case "pods":
      return isPodName(name);
    case "services":
      return ["services", "services.nodeports", "services.loadbalancers"].includes(name);
    case "persistentvolumeclaims":
      return (
        name === "persistentvolumeclaims" ||
        name === "requests.storage" ||
        name.endsWith(`${STORAGE_CLASS}requests.storage`) ||
        name.endsWith(`${STORAGE_CLASS}persistentvolumeclaims`)
      );
    default:
      return PLAIN_COUNTS.has(resource) && name === resource;
  }
}

function isPodName(name: string): boolean {
  if (name === "pods" || BASIC.has(name) || name.startsWith("hugepages-")) return true;
  const [side, rest] = splitOnce(name);
  if (side === "limits") return BASIC.has(rest);
  if (side !== "requests") return false;
  return BASIC.has(rest) || rest.startsWith("hugepages-") || rest.includes("/");
}

function splitOnce(name: string): readonly [string, string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

export function usageOf(object: ApiObject, resource: Resource): Amounts {
  const usage = new Map([[countName(resource), ONE]]);
  const add = (amounts: Iterable<readonly [string, Quantity]>): void => {
    for (const [name, amount] of amounts) usage.set(name, amount);
  };
  if (resource.group !== "") return usage;
  switch (resource.resource) {
    case "pods":
      add(podUsage(object as Pod));
      break;
    case "services":
      add(serviceUsage(object as Service));
      break;
    case "persistentvolumeclaims":
      add(claimUsage(object as PersistentVolumeClaim));
      break;
    default:
      if (PLAIN_COUNTS.has(resource.resource)) usage.set(resource.resource, ONE);
  }
  return usage;
}

const ONE: Quantity = quantityOf(1n);

/** A pod that has ended is still there, and takes nothing any more. */
function podUsage(pod: Pod): Amounts {
  const usage = new Map<string, Quantity>();
  if (hasEnded({ status: pod.status ?? {} })) return usage;
  usage.set("pods", ONE);
  for (const [name, amount] of podAmounts(pod.spec, "requests")) {
    if (BASIC.has(name) || name.startsWith("hugepages-")) usage.set(name, amount);
    usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of podAmounts(pod.spec, "limits")) {
    if (BASIC.has(name)) usage.set(`limits.${name}`, amount);
  }
  return usage;
}

function serviceUsage({ spec }: Service): Amounts {
  const { type = "ClusterIP", ports = [], allocateLoadBalancerNodePorts } = spec;
  const chosen = ports.filter(({ nodePort = 0 }) => nodePort !== 0).length;
  const isBalanced = type === "LoadBalancer";
  const all = isBalanced && allocateLoadBalancerNodePorts === false ? chosen : ports.length;
  const nodePorts = isBalanced || type === "NodePort" ? all : 0;
  return new Map([
    ["services", ONE],
    ["services.nodeports", quantityOf(BigInt(nodePorts))],
    ["services.loadbalancers", quantityOf(isBalanced ? 1n : 0n)],
  ]);
}

function claimUsage({ spec }: PersistentVolumeClaim): Amounts {
  const size = parseQuantity(spec.resources?.requests?.["storage"] ?? "0") ?? ZERO_QUANTITY;
  const { storageClassName = "" } = spec;
  const ofClass = `${storageClassName}${STORAGE_CLASS}`;
  return new Map([
    ["persistentvolumeclaims", ONE],
    ["requests.storage", size],
    ...(storageClassName === ""
      ? []
      : ([
          [`${ofClass}persistentvolumeclaims`, ONE],
          [`${ofClass}requests.storage`, size],
        ] as const)),
  ]);
}

/** What `next` counts for beyond `before`; what it counts for less is not given back here. */
export function growth(next: Amounts, before: Amounts): Amounts {
  const more = new Map<string, Quantity>();
  for (const [name, amount] of next) {
    const delta = subtractQuantities(amount, before.get(name) ?? ZERO_QUANTITY);
    if (compareQuantities(delta, ZERO_QUANTITY) > 0) more.set(name, delta);
  }
  return more;
}
