/**
 * The copies of a bundle in one cluster: which there are, which there shall be, and the way there.
 */
import { ConfigMap, type Context } from "setpoint/client";
import type { FleetCluster, ObjectOf } from "setpoint/controller-runtime";
import { equalValues, isStatus, keyOf, queryOfLabels, type ObjectKey } from "setpoint/machinery";
import type { Bundle } from "./bundle.ts";

/** Label of every copy: the uid of its bundle. */
export const BUNDLE_UID = "fleet.example.dev/bundle-uid";
/** Annotation of every copy: where its bundle is on the hub. */
const BUNDLE_KEY = "fleet.example.dev/bundle";

type Data = Readonly<Record<string, string>>;

/** Makes the cluster have these ConfigMaps of the bundle, and no others of it. */
export async function carry(
  bundle: ObjectOf<typeof Bundle>,
  wanted: Readonly<Record<string, Data>>,
  cluster: FleetCluster,
  context: Context,
): Promise<void> {
  const present = copiesIn(cluster, bundle);
  for (const [name, data] of Object.entries(wanted)) {
    const known = present.find(({ metadata }) => metadata.name === name);
    if (known !== undefined && equalValues(known.data ?? {}, data)) continue;
    const object = copyOf(bundle, name, data);
    const patch = { kind: "apply", object } as const; // not forced: what others wrote is theirs
    const options = { fieldManager: "bundles" };
    await cluster.client.patch(ConfigMap, keyOf(object), patch, context, options);
  }
  for (const copy of present) {
    if (Object.hasOwn(wanted, copy.metadata.name ?? "")) continue;
    await cluster.client.delete(ConfigMap, keyOf(copy), context).catch((error: unknown) => {
      if (!isStatus(error, "NotFound")) throw error;
    });
  }
}

/** Whether it is known which copies a cluster has: only then can it be said that none are left. */
export function isKnown(cluster: FleetCluster): boolean {
  return cluster.informers?.peek(ConfigMap)?.hasSynced() === true;
}

/** Whether anything of the bundle is left there, as far as is known. */
export function hasCopies(bundle: ObjectOf<typeof Bundle>, cluster: FleetCluster): boolean {
  return copiesIn(cluster, bundle).length > 0;
}

/** The bundle of a copy: what a change of the copy wakes. */
export function bundleOf({ metadata: { annotations = {} } }: ConfigMap): readonly ObjectKey[] {
  const [namespace, name] = annotations[BUNDLE_KEY]?.split("/") ?? [];
  return namespace === undefined || name === undefined ? [] : [{ namespace, name }];
}

function copiesIn(cluster: FleetCluster, bundle: ObjectOf<typeof Bundle>): readonly ConfigMap[] {
  const { uid = "" } = bundle.metadata;
  const view = cluster.informers?.peek(ConfigMap);
  return view?.lister.list({ labels: queryOfLabels({ [BUNDLE_UID]: uid }) }) ?? [];
}

function copyOf(bundle: ObjectOf<typeof Bundle>, name: string, data: Data): ConfigMap {
  const { namespace = "", name: bundleName = "", uid = "" } = bundle.metadata;
  const labels = { [BUNDLE_UID]: uid };
  const annotations = { [BUNDLE_KEY]: `${namespace}/${bundleName}` };
  const metadata = { name, namespace, labels, annotations };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}
