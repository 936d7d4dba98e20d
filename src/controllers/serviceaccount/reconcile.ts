/** Carries out the plans for one namespace. */
import type { Context } from "../../base/context.ts";
import { ConfigMap, Namespace, ServiceAccount } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import {
  DEFAULT_SERVICE_ACCOUNT,
  planRootCa,
  planServiceAccount,
  ROOT_CA_CONFIG_MAP,
  type Plan,
} from "./plan.ts";

type Deps = { readonly client: Client; readonly informers: Informers };

export function serviceAccountReconciler({ client, informers }: Deps): Reconciler {
  const namespaces = informers.for(Namespace).lister;
  const accounts = informers.for(ServiceAccount).lister;
  return async (key, context) => {
    const present = accounts.get({ namespace: key.name, name: DEFAULT_SERVICE_ACCOUNT });
    const plan = planServiceAccount(namespaces.get(key), present);
    await carryOut(client, ServiceAccount, plan, context);
    return DONE;
  };
}

export function rootCaReconciler({ client, informers }: Deps, authorityPem: string): Reconciler {
  const namespaces = informers.for(Namespace).lister;
  const configMaps = informers.for(ConfigMap).lister;
  return async (key, context) => {
    const present = configMaps.get({ namespace: key.name, name: ROOT_CA_CONFIG_MAP });
    const plan = planRootCa(namespaces.get(key), present, authorityPem);
    await carryOut(client, ConfigMap, plan, context);
    return DONE;
  };
}

async function carryOut<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  plan: Plan<T>,
  context: Context,
): Promise<void> {
  if (plan.kind === "keep") return;
  try {
    if (plan.kind === "create") await client.create(type, plan.object, context);
    else await client.update(type, plan.object, context);
  } catch (error) {
    if (!isSettledOtherwise(error)) throw error;
  }
}

/** Another was first, or the namespace ends: the watch brings what is to be seen of it. */
function isSettledOtherwise(error: unknown): boolean {
  if (isStatus(error, "AlreadyExists")) return true;
  if (!isStatus(error, "Forbidden")) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}
