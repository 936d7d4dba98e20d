/** The copying controller as this package has one write it. */
import type { Env } from "../../src/base/env.ts";
import { ConfigMap } from "../../src/client/builtin.ts";
import type { Client } from "../../src/client/client.ts";
import { DONE } from "../../src/controller-runtime/controller/outcome.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../src/controller-runtime/controller/controller-spec.ts";
import { createManager, type Manager } from "../../src/controller-runtime/manager/manager.ts";
import { ownSource } from "../../src/controller-runtime/sources/sources.ts";
import { createInformers } from "../../src/informer/informers.ts";
import { answerTo, WORKERS } from "./copying.ts";

export type CopierDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly namespace: string;
};

export function copierManager({ client, env, namespace }: CopierDeps, count: () => void): Manager {
  const informers = createInformers({ client, env }, { scopeOf: () => ({ namespace }) });
  return createManager({ client, env, informers, controllers: [copier] });

  function copier(deps: ControllerDeps): ControllerSpec {
    const maps = deps.informers.for(ConfigMap);
    return {
      name: "copier",
      concurrency: WORKERS,
      sources: [ownSource(maps)],
      reconcile: async (key, context) => {
        count();
        const done = answerTo(maps.lister.get(key)?.data);
        if (done === undefined) return DONE;
        const patch = { kind: "merge", patch: { data: { done } } } as const;
        await deps.client.patch(ConfigMap, key, patch, context);
        return DONE;
      },
    };
  }
}
