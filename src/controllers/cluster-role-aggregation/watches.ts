/** What wakes a role here: itself, and every role whose rules it gathers or gathered. */
import { ClusterRole } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import { keyOf } from "../../machinery/key.ts";
import { gathersFrom } from "./plan.ts";

export function aggregationSources(informers: Informers): readonly Source[] {
  const roles = informers.for(ClusterRole);
  return [
    ownSource(roles),
    watchSource(
      roles,
      (changed) =>
        roles.lister
          .list()
          .filter((role) => gathersFrom(role, changed))
          .map(keyOf),
      { name: "gathered roles" },
    ),
  ];
}
