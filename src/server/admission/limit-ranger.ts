/** What one pod, container or claim of a namespace may ask for at least and at most. */
import { amountsOf, podAmounts, type Amounts } from "../../apis/core/v1/quota/amounts.ts";
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { compareText } from "../../machinery/key.ts";
import { compareQuantities, quantityText, type Quantity } from "../../machinery/quantity.ts";
import { isAbout, refusal, type AdmissionPlugin, type Review } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

const LIMIT_RANGES: KindOf<LimitRange> = { group: "", version: "v1", resource: "limitranges" };
const ANNOTATION = "kubernetes.io/limit-ranger";

export function limitRanger(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "LimitRanger",
    concerns: (review) => isNewPod(review) || isResize(review) || isClaim(review),
    mutate: async (review, context) => {
      if (!isNewPod(review)) return review.object;
      let pod = review.object as Pod;
      for (const range of await rangesOf(review, reader, context)) pod = withDefaults(pod, range);
      return pod;
    },
    validate: async (review, context) => {
      for (const range of await rangesOf(review, reader, context)) {
        const problems = isClaim(review)
          ? claimProblems(review.object as PersistentVolumeClaim, range)
          : podProblems(review.object as Pod, range);
        const texts = [...new Set(problems)];
        if (texts.length === 1) throw refusal(review, texts.join());
        if (texts.length > 1) throw refusal(review, `[${texts.join(", ")}]`);
      }
    },
  };
}

function isNewPod(review: Review): boolean {
  return review.verb === "create" && isAbout(review, "", "pods");
}

function isResize(review: Review): boolean {
  const { resource, subresource, verb } = review;
  return (
    verb === "update" &&
    subresource === "resize" &&
    resource.group === "" &&
    resource.resource === "pods"
  );
}

function isClaim(review: Review): boolean {
  const isWrite = review.verb === "create" || review.verb === "update";
  return isWrite && isAbout(review, "", "persistentvolumeclaims");
}

async function rangesOf(
  { namespace, object, old }: Review,
  reader: ClusterReader,
  context: Context,
): Promise<readonly LimitRange[]> {
  const isGoing = old !== undefined && object.metadata.deletionTimestamp !== undefined;
  return isGoing ? [] : reader.list(LIMIT_RANGES, namespace, context);
}

/** `pod` with what its containers leave out, and a note of what that is. */
function withDefaults(pod: Pod, range: LimitRange): Pod {
  const notes: string[] = [];
  const filled = (title: string) => {
    return (container: Container): Container => {
      let { requests = {}, limits = {} } = container.resources ?? {};
      const added = { requests: new Set<string>(), limits: new Set<string>() };
      for (const item of itemsOf(range, "Container")) {
        requests = withMissing(requests, item.defaultRequest, added.requests);
        limits = withMissing(limits, item.default, added.limits);
      }
      for (const [side, what] of [
        ["requests", "request"],
        ["limits", "limit"],
      ] as const) {
        const names = [...added[side]].sort(compareText).join(", ");
        if (names !== "") notes.push(`${names} ${what} for ${title} ${container.name}`);
      }
      if (added.requests.size + added.limits.size === 0) return container;
      return { ...container, resources: { ...container.resources, requests, limits } };
    };
  };
  const containers = pod.spec.containers.map(filled("container"));
  const initContainers = pod.spec.initContainers?.map(filled("init container"));
  if (notes.length === 0) return pod;
  const spec = {
    ...pod.spec,
    containers,
    ...(initContainers === undefined ? {} : { initContainers }),
  };
  const note = `LimitRanger plugin set: ${notes.join("; ")}`;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: note };
  return { ...pod, spec, metadata: { ...pod.metadata, annotations } };
}

type Texts = Readonly<Record<string, string>>;

function withMissing(present: Texts, defaults: Texts | undefined, added: Set<string>): Texts {
  const missing = Object.entries(defaults ?? {}).filter(([name]) => !Object.hasOwn(present, name));
  for (const [name] of missing) added.add(name);
  const all = [...Object.entries(present), ...missing].sort(([a], [b]) => compareText(a, b));
  return missing.length === 0 ? present : Object.fromEntries(all);
}

function itemsOf(range: LimitRange, type: string): readonly LimitRangeItem[] {
  return (range.spec?.limits ?? []).filter((item) => item.type === type);
}

function podProblems(pod: Pod, range: LimitRange): readonly string[] {
  const ofContainers = itemsOf(range, "Container").flatMap((item) =>
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
      problems("Container", item, amountsOf(resources?.requests), amountsOf(resources?.limits)),
    ),
  );
  const requests = podAmounts(pod.spec, "requests");
  const limits = podAmounts(pod.spec, "limits");
  const ofPod = itemsOf(range, "Pod").flatMap((item) => problems("Pod", item, requests, limits));
  return [...ofContainers, ...ofPod];
}

function claimProblems(claim: PersistentVolumeClaim, range: LimitRange): readonly string[] {
  const requests = amountsOf(claim.spec.resources?.requests);
  const type = "PersistentVolumeClaim";
  return itemsOf(range, type).flatMap((item) => [
    ...eachOf(item.min, (name, bound) => belowMin(name, type, bound, requests, new Map())),
    ...eachOf(item.max, (name, bound) => requestAboveMax(name, type, bound, requests)),
  ]);
}

function problems(
  type: string,
  item: LimitRangeItem,
  requests: Amounts,
  limits: Amounts,
): readonly string[] {
  return [
    ...eachOf(item.min, (name, bound) => belowMin(name, type, bound, requests, limits)),
    ...eachOf(item.max, (name, bound) => aboveMax(name, type, bound, requests, limits)),
    ...eachOf(item.maxLimitRequestRatio, (name, bound) =>
      aboveRatio(name, type, bound, requests, limits),
    ),
  ];
}

function eachOf(
  bounds: Texts | undefined,
  problem: (name: string, bound: Quantity) => string | undefined,
): readonly string[] {
  return [...amountsOf(bounds)]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, bound]) => problem(name, bound) ?? []);
}

function belowMin(
  name: string,
  type: string,
  bound: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const what = `minimum ${name} usage per ${type} is ${quantityText(bound)}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (request === undefined) return `${what}.  No request is specified`;
  if (compareQuantities(request, bound) < 0)
    return `${what}, but request is ${quantityText(request)}`;
  const isLow = limit !== undefined && compareQuantities(limit, bound) < 0;
  return isLow ? `${what}, but limit is ${quantityText(limit)}` : undefined;
}

function aboveMax(
  name: string,
  type: string,
  bound: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const what = `maximum ${name} usage per ${type} is ${quantityText(bound)}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (limit === undefined) return `${what}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${what}, but limit is ${quantityText(limit)}`;
  const isHigh = request !== undefined && compareQuantities(request, bound) > 0;
  return isHigh ? `${what}, but request is ${quantityText(request)}` : undefined;
}

function requestAboveMax(
  name: string,
  type: string,
  bound: Quantity,
  requests: Amounts,
): string | undefined {
  const what = `maximum ${name} usage per ${type} is ${quantityText(bound)}`;
  const request = requests.get(name);
  if (request === undefined) return `${what}.  No request is specified`;
  const isHigh = compareQuantities(request, bound) > 0;
  return isHigh ? `${what}, but request is ${quantityText(request)}` : undefined;
}

function aboveRatio(
  name: string,
  type: string,
  bound: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const what = `${name} max limit to request ratio per ${type} is ${quantityText(bound)}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  const isMissing = (amount: Quantity | undefined): amount is undefined =>
    amount === undefined || amount.nano === 0n;
  if (isMissing(request)) return `${what}, but no request is specified or request is 0`;
  if (isMissing(limit)) return `${what}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nano) / Number(request.nano);
  if (ratio <= Number(bound.nano) / 1e9) return undefined;
  return `${what}, but provided ratio is ${ratio.toFixed(6)}`;
}
