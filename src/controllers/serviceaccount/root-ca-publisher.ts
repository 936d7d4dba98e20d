/** Gives pods the means to trust the API server. */
import { ConfigMap } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { ROOT_CA_CONFIG_MAP } from "./plan.ts";
import { rootCaReconciler } from "./reconcile.ts";
import { givenSources } from "./watches.ts";

export type RootCaPublisherOptions = {
  /** PEM of the authority that signed the API server's certificate. */
  readonly authorityPem: string;
};

/** Keeps a ConfigMap `kube-root-ca.crt` in every namespace. */
export function rootCaPublisher(
  deps: ControllerDeps,
  options: RootCaPublisherOptions,
): ControllerSpec {
  return {
    name: "root-ca-certificate-publisher",
    reconcile: rootCaReconciler(deps, options.authorityPem),
    sources: givenSources(deps.informers, ConfigMap, ROOT_CA_CONFIG_MAP),
  };
}
