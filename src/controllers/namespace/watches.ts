/** What wakes a namespace: itself, and what goes from it while it ends. */
import { Namespace } from "../../client/builtin.ts";
import { kindsSource } from "../../controller-runtime/sources/kinds-source.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { isTerminating } from "../../machinery/object.ts";

export function namespaceSources(informers: Informers, kinds: KindInformers): readonly Source[] {
  const namespaces = informers.for(Namespace);
  const contents = kindsSource(
    kinds,
    ({ metadata }, event) => {
      if (event.kind !== "delete" || (metadata.namespace ?? "") === "") return [];
      const key = { namespace: "", name: metadata.namespace ?? "" };
      const namespace = namespaces.lister.get(key);
      return namespace !== undefined && isTerminating(namespace) ? [key] : [];
    },
    "objects that go",
  );
  // A kind that cannot be listed must not hold up namespaces: what is missed is looked for later.
  return [ownSource(namespaces), { ...contents, waitForSync: () => Promise.resolve() }];
}
