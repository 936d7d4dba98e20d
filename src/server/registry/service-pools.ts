/** What services are given out of: addresses, and ports of the nodes. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { gvrKey } from "../../machinery/gvk.ts";
import type { Store } from "../../store/store.ts";
import { AddressRecords } from "./address-records.ts";
import { Claims } from "./claims.ts";
import { ClusterIpAllocator } from "./cluster-ip-allocator.ts";
import { NodePortAllocator } from "./node-port-allocator.ts";
import type { Resources } from "./resource.ts";

export type ServicePools = {
  readonly claims: Claims;
  /** Sets right what is written down of addresses; at the start, since writes keep it so. */
  readonly repair: (context: Context) => Promise<void>;
};

/** Pools for the services that `resources` has, if it has any. Throws for an impossible range. */
export function servicePools(
  deps: { readonly env: Env; readonly store: Store },
  resources: Resources,
  range: string,
): ServicePools {
  const services = resources.find({ group: "", version: "v1", resource: "services" });
  if (services === undefined) return { claims: new Claims([]), repair: () => Promise.resolve() };
  const resource = resources.find({
    group: "networking.k8s.io",
    version: "v1",
    resource: "ipaddresses",
  });
  const records =
    resource === undefined ? {} : { records: new AddressRecords({ ...deps, resources, resource }) };
  const addresses = new ClusterIpAllocator({ ...deps, resource: services, range, ...records });
  return {
    claims: new Claims([
      [gvrKey(services), addresses],
      [gvrKey(services), new NodePortAllocator({ ...deps, resource: services })],
    ]),
    repair: (context) => repair(addresses, context),
  };
}

/** What cannot be set right now is tried again at the next start. */
async function repair(addresses: ClusterIpAllocator, context: Context): Promise<void> {
  try {
    await addresses.repair(context);
  } catch (error) {
    if (context.signal.aborted) return;
    context.log.error("Records of service addresses could not be set right.", { error });
  }
}
