/** What every namespace is given, as long as it is not on its way out. Pure. */
import type { ConfigMap, Namespace, ServiceAccount } from "../../client/builtin.ts";
import { isTerminating } from "../../machinery/object.ts";

export const DEFAULT_SERVICE_ACCOUNT = "default";
export const ROOT_CA_CONFIG_MAP = "kube-root-ca.crt";
export const ROOT_CA_FIELD = "ca.crt";

const DESCRIPTION =
  "The certificates that pods of this namespace need to trust the API server. " +
  "Nothing else is promised to be signed by them.";

export type Plan<T> =
  | { readonly kind: "keep" }
  | { readonly kind: "create"; readonly object: T }
  | { readonly kind: "update"; readonly object: T };

/** Makes the default ServiceAccount where it is missing; one that is there is left alone. */
export function planServiceAccount(
  namespace: Namespace | undefined,
  present: ServiceAccount | undefined,
): Plan<ServiceAccount> {
  if (namespace === undefined || isTerminating(namespace)) return { kind: "keep" };
  if (present !== undefined) return { kind: "keep" };
  const { name: of = "" } = namespace.metadata;
  const metadata = { name: DEFAULT_SERVICE_ACCOUNT, namespace: of };
  return { kind: "create", object: { apiVersion: "v1", kind: "ServiceAccount", metadata } };
}

/** Makes the ConfigMap with the root certificates, or puts its content right. */
export function planRootCa(
  namespace: Namespace | undefined,
  present: ConfigMap | undefined,
  authorityPem: string,
): Plan<ConfigMap> {
  if (namespace === undefined || isTerminating(namespace)) return { kind: "keep" };
  const data = { [ROOT_CA_FIELD]: authorityPem };
  const annotations = { "kubernetes.io/description": DESCRIPTION };
  if (present === undefined) {
    const { name: of = "" } = namespace.metadata;
    const metadata = { name: ROOT_CA_CONFIG_MAP, namespace: of, annotations };
    return { kind: "create", object: { apiVersion: "v1", kind: "ConfigMap", metadata, data } };
  }
  if (isOnly(present.data, authorityPem)) return { kind: "keep" };
  const metadata = {
    ...present.metadata,
    annotations: { ...present.metadata.annotations, ...annotations },
  };
  return { kind: "update", object: { ...present, metadata, data } };
}

function isOnly(data: ConfigMap["data"], authorityPem: string): boolean {
  const entries = Object.entries(data ?? {});
  return (
    entries.length === 1 && entries[0]?.[0] === ROOT_CA_FIELD && entries[0][1] === authorityPem
  );
}
