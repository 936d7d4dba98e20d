/**
 * Quotas of namespaces. A write is charged in the status of every quota it counts for, by the same
 * compare-and-set as every write, so that of two at once no more succeed than there is room for. It
 * comes last, when nothing else can refuse; what fails afterwards all the same, and what is
 * deleted, a controller gives back.
 *
 * A quota counts from when the controller has first written its status.
 */
import { amountsOf, plus, type Amounts } from "../../../apis/core/v1/quota/amounts.ts";
import { matchesScopes } from "../../../apis/core/v1/quota/scopes.ts";
import { countedNames, countName, growth, usageOf } from "../../../apis/core/v1/quota/usage.ts";
import type { Container, Pod, ResourceQuota } from "../../../apis/core/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { compareText } from "../../../machinery/key.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { compareQuantities, quantityText, ZERO_QUANTITY } from "../../../machinery/quantity.ts";
import { isStatus } from "../../../machinery/status.ts";
import { FREE } from "../../handlers/pod-conditions.ts";
import { modifyObject, type WriteDeps } from "../../registry/write.ts";
import { Admission, refusal, type AdmissionPlugin, type Review } from "../admission.ts";
import { ClusterReader, type KindOf } from "../cluster-reader.ts";

const QUOTAS: KindOf<ResourceQuota> = { group: "", version: "v1", resource: "resourcequotas" };

/** Of these a container must say how much it needs where a quota limits them. */
const STATED: ReadonlySet<string> = new Set([
  "cpu",
  "memory",
  "requests.cpu",
  "requests.memory",
  "limits.cpu",
  "limits.memory",
]);

export function resourceQuota(deps: Omit<WriteDeps, "admission">): AdmissionPlugin {
  const reader = new ClusterReader(deps);
  const free = { ...deps, admission: new Admission([]) }; // a charge is nobody's wish
  return {
    name: "ResourceQuota",
    concerns: (review) => review.namespace !== "" && isCharged(review),
    validate: async (review, context) => {
      const { namespace, object, old, resource } = review;
      if (!reader.has(QUOTAS)) return;
      const all = await reader.list(QUOTAS, namespace, context);
      const quotas = all.filter((quota) => isInteresting(quota, review));
      for (const quota of quotas) checkStated(quota, review);
      const before = old === undefined ? new Map() : usageOf(old, resource);
      const wanted = growth(usageOf(object, resource), before);
      if (wanted.size === 0) return;
      for (const quota of quotas) charged(quota, wanted, review);
      if (review.isDryRun) return;
      for (const quota of quotas) await charge(quota, wanted, review, free, context);
    },
  };
}

/** Creations, and changes of kinds whose objects can grow. */
function isCharged({ verb, subresource, resource }: Review): boolean {
  const isCore = resource.group === "";
  if (verb === "create") return subresource === "";
  if (verb !== "update" || !isCore) return false;
  if (resource.resource === "pods") return subresource === "resize";
  return subresource === "" && ["services", "persistentvolumeclaims"].includes(resource.resource);
}

function isInteresting(quota: ResourceQuota, { object, resource }: Review): boolean {
  return limitedNames(quota, { resource }).length > 0 && matchesScopes(quota, object, resource);
}

function limitedNames(quota: ResourceQuota, { resource }: Pick<Review, "resource">) {
  return countedNames(resource, Object.keys(quota.status?.hard ?? {})).toSorted(compareText);
}

function checkStated(quota: ResourceQuota, review: Review): void {
  const { resource, object } = review;
  const names = limitedNames(quota, review);
  const { name = "" } = quota.metadata;
  const isPod = resource.group === "" && resource.resource === "pods";
  const missing = isPod ? unstated(object as Pod, names) : "";
  if (missing !== "") throw refusal(review, `failed quota: ${name}: must specify ${missing}`);
  const used = quota.status?.used ?? {};
  if (names.every((each) => Object.hasOwn(used, each))) return;
  throw refusal(review, `status unknown for quota: ${name}, resources: ${names.join(",")}`);
}

/** `requests.cpu for: a,b; requests.memory for: a` */
function unstated({ spec }: Pod, names: readonly string[]): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return names
    .filter((name) => STATED.has(name) && !states(spec, name))
    .map((name) => {
      const silent = containers.filter((each) => !states(each, name));
      return [name, silent.map((each) => each.name).sort(compareText)] as const;
    })
    .filter(([, silent]) => silent.length > 0)
    .map(([name, silent]) => `${name} for: ${silent.join(",")}`)
    .join("; ");
}

function states({ resources }: Pick<Container, "resources">, name: string): boolean {
  const side = name.startsWith("limits.") ? "limits" : "requests";
  return Object.hasOwn(resources?.[side] ?? {}, name.replace(/^(requests|limits)\./, ""));
}

/** What is used of the quota afterwards. Throws 403 when that is too much. */
function charged(quota: ResourceQuota, wanted: Amounts, review: Review): Amounts {
  const hard = amountsOf(quota.status?.hard);
  const used = amountsOf(quota.status?.used);
  const requested = new Map([...wanted].filter(([name]) => hard.has(name)));
  const next = plus(used, requested);
  const exceeded = [...requested.keys()].filter(
    (name) =>
      compareQuantities(next.get(name) ?? ZERO_QUANTITY, hard.get(name) ?? ZERO_QUANTITY) > 0,
  );
  if (exceeded.length === 0) return next;
  const texts = (amounts: Amounts): string => amountsText(amounts, exceeded);
  const why =
    `exceeded quota: ${quota.metadata.name}, requested: ${texts(requested)}, ` +
    `used: ${texts(used)}, limited: ${texts(hard)}`;
  throw refusal(review, why);
}

/** `cpu=1,pods=2` */
function amountsText(amounts: Amounts, names: readonly string[]): string {
  return names
    .toSorted(compareText)
    .flatMap((name) => {
      const amount = amounts.get(name);
      return amount === undefined ? [] : [`${name}=${quantityText(amount)}`];
    })
    .join(",");
}

async function charge(
  quota: ResourceQuota,
  wanted: Amounts,
  review: Review,
  deps: WriteDeps,
  context: Context,
): Promise<void> {
  const resource = deps.resources.find(QUOTAS);
  const { namespace } = review;
  const { name = "" } = quota.metadata;
  if (resource === undefined) return;
  const target = {
    resource,
    subresource: "status",
    namespace,
    name,
    user: review.user,
    isDryRun: false,
    manager: "kube-apiserver",
    verb: `charge ${countName(review.resource)}`,
  };
  const next = (old: ApiObject): ApiObject => {
    const live = old as ResourceQuota;
    const used = charged(live, wanted, review);
    const texts = [...used].map(([each, amount]) => [each, quantityText(amount)] as const);
    return { ...live, status: { ...live.status, used: Object.fromEntries(texts) } } as ApiObject;
  };
  try {
    await modifyObject(target, { ...FREE, ownership: "updated", next }, deps, context);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error; // a quota that is gone limits nothing
  }
}
