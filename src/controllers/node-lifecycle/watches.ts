/** What wakes a node here: itself, its lease, and time: each look asks for another. */
import { Lease, Node } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import { NODE_LEASE_NAMESPACE } from "./node-views.ts";

export function nodeSources(informers: Informers): readonly Source[] {
  return [
    ownSource(informers.for(Node)),
    watchSource(
      informers.for(Lease),
      ({ metadata }) =>
        metadata.namespace === NODE_LEASE_NAMESPACE
          ? [{ namespace: "", name: metadata.name ?? "" }]
          : [],
      { name: "leases of nodes" },
    ),
  ];
}
