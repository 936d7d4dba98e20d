/** What a pod asks for where it says only part of it. */
import { quantityText } from "../../../machinery/quantity.ts";
import { containerAmounts } from "./quota/amounts.ts";
import { isHugePages, isOvercommitted } from "./resource-names.ts";
import type { Container, PodSpec } from "./types.generated.ts";

type Amounts = Readonly<Record<string, string>>;

/** What is limited and not asked for is asked for up to the limit. */
export function withRequests(container: Container): Container {
  const { limits, requests } = container.resources ?? {};
  if (limits === undefined) return container;
  return {
    ...container,
    resources: { ...container.resources, requests: { ...limits, ...requests } },
  };
}

/**
 * The same for the pod as a whole: it asks for what its containers, complete with their requests,
 * ask for together, or else for what it is limited to.
 */
export function podResourceDefaults(spec: PodSpec): Pick<PodSpec, "resources"> {
  const { resources } = spec;
  const asked = resources?.requests ?? {};
  const own = resources?.limits ?? {};
  const isSilent = Object.keys(own).length + Object.keys(asked).length === 0;
  if (resources === undefined || isSilent) return {};
  const limits = { ...pagesOf(spec, asked), ...own };
  if (Object.keys(limits).length === 0) return { resources };
  const shared = Object.entries(limits).filter(([name]) => isShared(name));
  const requests = {
    ...Object.fromEntries(shared),
    ...sums(spec, "requests", (name) => isShared(name) && isOvercommitted(name)),
    ...asked,
  };
  const isAsked = Object.keys(requests).length > 0;
  return { resources: { ...resources, limits, ...(isAsked ? { requests } : {}) } };
}

/** Huge pages that only the containers speak of. */
function pagesOf(spec: PodSpec, requests: Amounts): Amounts {
  return sums(spec, "limits", (name) => isHugePages(name) && !Object.hasOwn(requests, name));
}

function sums(
  spec: PodSpec,
  side: "requests" | "limits",
  isMeant: (name: string) => boolean,
): Amounts {
  const amounts = [...containerAmounts(spec, side)].filter(([name]) => isMeant(name));
  return Object.fromEntries(amounts.map(([name, amount]) => [name, quantityText(amount)]));
}

function isShared(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePages(name);
}
