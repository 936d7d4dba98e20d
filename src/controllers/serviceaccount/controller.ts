/** Gives every namespace an identity for its pods. */
import { ServiceAccount } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { DEFAULT_SERVICE_ACCOUNT } from "./plan.ts";
import { serviceAccountReconciler } from "./reconcile.ts";
import { givenSources } from "./watches.ts";

/** Keeps a ServiceAccount `default` in every namespace. */
export function serviceAccountController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "serviceaccount-controller",
    reconcile: serviceAccountReconciler(deps),
    sources: givenSources(deps.informers, ServiceAccount, DEFAULT_SERVICE_ACCOUNT),
  };
}
