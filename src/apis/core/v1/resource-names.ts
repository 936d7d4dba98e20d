/** Which resources there are, and which of them can be asked for where. */
import { qualifiedNameProblem } from "../../../machinery/names.ts";

const OF_CONTAINERS: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Numbers of objects, which are whole. */
const COUNTS: ReadonlySet<string> = new Set([
  "configmaps",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "services",
  "services.loadbalancers",
  "services.nodeports",
]);

const OF_QUOTAS: ReadonlySet<string> = new Set([
  ...OF_CONTAINERS,
  ...COUNTS,
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
  "requests.storage",
]);

const HUGE_PAGES = "hugepages-";
const REQUESTS = "requests.";
const NATIVE_DOMAIN = "kubernetes.io/";

/** Whether it is memory in large pages. */
export function isHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES);
}

/** Whether the name is one that needs no domain. */
export function isStandard(name: string): boolean {
  return name === "storage" || isOfQuotas(name);
}

/** Whether containers can ask for it without a domain. */
export function isOfContainers(name: string): boolean {
  return OF_CONTAINERS.has(name) || isHugePages(name);
}

/** Whether quotas can limit it without a domain. */
export function isOfQuotas(name: string): boolean {
  return OF_QUOTAS.has(name) || isHugePages(name) || name.startsWith(`${REQUESTS}${HUGE_PAGES}`);
}

/** Whether it is one of Kubernetes' own. */
export function isNative(name: string): boolean {
  return !name.includes("/") || name.includes(NATIVE_DOMAIN);
}

/** Whether it is one that somebody else defines, e.g. `example.com/gpu`. */
export function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith(REQUESTS)) return false;
  return qualifiedNameProblem(`${REQUESTS}${name}`) === undefined;
}

/** Whether a part of one makes no sense. */
export function isWhole(name: string): boolean {
  return COUNTS.has(name) || isExtended(name);
}

/** Whether more of it may be promised than there is: true of all that Kubernetes names. */
export function isOvercommitted(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}
