/** Which handler answers which verb at which endpoint; also what discovery may promise. */
import type { Verb } from "../request-info.ts";
import type { Resource } from "../registry/resource.ts";
import { connectToContainer, connectToPorts } from "./connect.ts";
import { postObject } from "./create.ts";
import { deleteCollection, deleteOne } from "./delete.ts";
import { evictPod } from "./eviction.ts";
import { getObject } from "./get.ts";
import { listObjects } from "./list.ts";
import { readLog } from "./log.ts";
import { patchObject } from "./patch.ts";
import { bindPod } from "./pod-subresources.ts";
import { proxyNode, proxyPod, proxyService } from "../proxy/proxy-handlers.ts";
import type { Handler } from "./request.ts";
import { requestToken } from "./reviews/token-request.ts";
import { unstoredHandlers } from "./reviews/unstored-routes.ts";
import { getScale, patchScale, putScale } from "./scale.ts";
import { putObject } from "./update.ts";
import { watchObjects } from "./watch.ts";

type Handlers = Readonly<Partial<Record<Verb, Handler>>>;

const MAIN: Handlers = {
  create: postObject,
  delete: deleteOne,
  deletecollection: deleteCollection,
  get: getObject,
  list: listObjects,
  patch: patchObject,
  update: putObject,
  watch: watchObjects,
};
/** Of views of the object itself. */
const STATUS: Handlers = { get: getObject, patch: patchObject, update: putObject };
const SCALE: Handlers = { get: getScale, patch: patchScale, update: putScale };

const everyVerb = (handler: Handler): Handlers => ({
  create: handler,
  delete: handler,
  get: handler,
  patch: handler,
  update: handler,
});

/** Endpoints of single kinds, by group, resource and subresource. */
const OTHERS: ReadonlyMap<string, Handlers> = new Map([
  ["/pods/binding", { create: bindPod }],
  ["/pods/eviction", { create: evictPod }],
  ["/pods/ephemeralcontainers", STATUS],
  ["/pods/resize", STATUS],
  ["/pods/log", { get: readLog }],
  ["/pods/exec", { create: connectToContainer, get: connectToContainer }],
  ["/pods/attach", { create: connectToContainer, get: connectToContainer }],
  ["/pods/portforward", { create: connectToPorts, get: connectToPorts }],
  ["/pods/proxy", everyVerb(proxyPod)],
  ["/services/proxy", everyVerb(proxyService)],
  ["/nodes/proxy", everyVerb(proxyNode)],
  ["/namespaces/finalize", { update: putObject }],
  ["/serviceaccounts/token", { create: requestToken }],
  ["certificates.k8s.io/certificatesigningrequests/approval", STATUS],
]);

/** Undefined: there is no such endpoint. */
export function handlersFor(resource: Resource, subresource: string): Handlers | undefined {
  const { strategy } = resource;
  switch (subresource) {
    case "": {
      const unstored = unstoredHandlers(resource);
      if (unstored !== undefined) return unstored;
      if (strategy.isCollectionDeletable) return MAIN;
      const { deletecollection: _none, ...others } = MAIN;
      return others;
    }
    case "status":
      return strategy.status === undefined ? undefined : STATUS;
    case "scale":
      return strategy.scale === undefined ? undefined : SCALE;
    default: {
      const isListed = strategy.otherSubresources?.some((each) => each.name === subresource);
      return isListed === true ? OTHERS.get(endpointKey(resource, subresource)) : undefined;
    }
  }
}

function endpointKey(resource: Resource, subresource: string): string {
  return `${resource.group}/${resource.resource}/${subresource}`;
}
