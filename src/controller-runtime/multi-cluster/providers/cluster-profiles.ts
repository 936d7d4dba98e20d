/**
 * Clusters that a cluster manager tells of on the hub, as objects of the kind ClusterProfile of
 * multicluster.x-k8s.io: Open Cluster Management, fleets of clouds, Karmada.
 *
 * A profile says where a cluster is, and which providers of access there are; how this program
 * shows itself to each provider it says itself. So who may write profiles decides where the program
 * connects to, but names no file and no program of this machine.
 */
import type { Env } from "../../../base/env.ts";
import type { Files } from "../../../base/files.ts";
import { realFiles } from "../../../base/real/files.ts";
import { runProgram } from "../../../base/real/run-program.ts";
import type { ResourceType } from "../../../client/resource-type.ts";
import type { KubeconfigDeps } from "../../../client/node/kubeconfig.ts";
import { keyOf, keyText } from "../../../machinery/key.ts";
import {
  isFields,
  isTerminating,
  own,
  type ApiObject,
  type Fields,
} from "../../../machinery/object.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";
import { kubeconfigConnection } from "./kubeconfig-connection.ts";
import { fingerprintOf, readKubeconfig } from "./kubeconfig-text.ts";
import { tellingViews } from "./telling-views.ts";

/** Which profiles of the hub count, and how this program is known to their clusters. */
export type ClusterProfilesOptions = {
  /** Of the hub (default: all namespaces). */
  readonly namespace?: string;
  /** Which profiles count, in query form, e.g. `x-k8s.io/cluster-manager=acme` (default: all). */
  readonly labels?: string;
  /**
   * By the name of a provider of access: what a kubeconfig has for a user, e.g. `{ exec: ... }` or
   * `{ tokenFile: ... }`. Of the providers of a profile the first that is here counts; a program is
   * told of the cluster.
   */
  readonly users: Readonly<Record<string, Fields>>;
  /** The name of the cluster (default: that of the profile); "": it is none. */
  readonly nameOf?: (profile: ApiObject) => string;
  /** Default: the local disk. */
  readonly files?: Files;
};

const CLUSTER_PROFILE: ResourceType = {
  group: "multicluster.x-k8s.io",
  version: "v1alpha1",
  kind: "ClusterProfile",
  resource: "clusterprofiles",
  isNamespaced: true,
};

/** Newer profiles have the first, older ones the second. */
const PROVIDER_LISTS = ["accessProviders", "credentialProviders"];

/** What a profile may say of its cluster: data, and no file of whoever reads it. */
const CLUSTER_FIELDS = [
  "server",
  "tls-server-name",
  "insecure-skip-tls-verify",
  "certificate-authority-data",
  "proxy-url",
  "extensions",
];

/**
 * A cluster for each profile, with its labels. Takes the right to get, list and watch
 * `clusterprofiles` of `multicluster.x-k8s.io` on the hub.
 *
 *     const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "gke-auth-plugin" };
 *     clusterProfiles({ namespace: "fleet", users: { google: { exec } } });
 */
export function clusterProfiles(options: ClusterProfilesOptions): ClusterProvider {
  const { namespace, labels } = options;
  return {
    name: `profiles of ${namespace ?? "all namespaces"}`,
    needsHub: true,
    run: (tell, deps, context) => {
      const provider = tellingViews({
        name: "profiles",
        type: CLUSTER_PROFILE,
        scope: {
          ...(namespace === undefined ? {} : { namespace }),
          ...(labels === undefined ? {} : { labelSelector: labels }),
        },
        clusterOf: (profile) => clusterOf(profile, options, deps.env),
      });
      return provider.run(tell, deps, context);
    },
  };
}

/** Throws `KubeconfigError`, and an `Error` where no provider of access is known. */
async function clusterOf(
  profile: ApiObject,
  options: ClusterProfilesOptions,
  env: Env,
): Promise<Cluster | undefined> {
  const { users, nameOf = ({ metadata }): string => metadata.name ?? "" } = options;
  const name = nameOf(profile);
  if (name === "" || isTerminating(profile)) return undefined;
  const providers = providersOf(profile);
  if (providers.length === 0) return undefined; // its manager has not said yet how it is reached
  const where = `ClusterProfile ${keyText(keyOf(profile))}`;
  const found = providers.find((each) => Object.hasOwn(users, each.name));
  if (found === undefined) {
    const offered = providers.map((each) => each.name).join(", ");
    throw new Error(`${where}: none of its providers of access is in \`users\`: ${offered}`);
  }
  const content = kubeconfigOf(found.cluster, users[found.name] ?? {});
  const text = readKubeconfig(content, where);
  const location = { path: PATH, context: text.currentContext };
  const access = accessWith(content, options.files ?? realFiles, env);
  return {
    name,
    labels: profile.metadata.labels ?? {},
    fingerprint: await fingerprintOf(text, location, access),
    connect: (deps) => kubeconfigConnection(location, deps, access),
  };
}

type AccessProvider = { readonly name: string; readonly cluster: Fields };

function providersOf(profile: ApiObject): readonly AccessProvider[] {
  const fields: Fields = profile;
  const status = own(fields, "status");
  if (!isFields(status)) return [];
  return PROVIDER_LISTS.flatMap((list) => {
    const items = own(status, list);
    return (Array.isArray(items) ? items : []).filter(isFields).flatMap((item) => {
      const name = own(item, "name");
      const cluster = own(item, "cluster");
      return typeof name === "string" && isFields(cluster) ? [{ name, cluster }] : [];
    });
  });
}

/** Where the kubeconfig that is made here seems to be. */
const PATH = "/cluster-profile";

function kubeconfigOf(cluster: Fields, user: Fields): Uint8Array {
  const exec = own(user, "exec");
  const told = isFields(exec) ? { ...user, exec: { ...exec, provideClusterInfo: true } } : user;
  const config = {
    "current-context": "profile",
    contexts: [{ name: "profile", context: { cluster: "profile", user: "profile" } }],
    clusters: [
      {
        name: "profile",
        cluster: Object.fromEntries(
          CLUSTER_FIELDS.flatMap((field) => {
            const value = own(cluster, field);
            return value === undefined || value === null ? [] : [[field, value]];
          }),
        ),
      },
    ],
    users: [{ name: "profile", user: told }],
  };
  return new TextEncoder().encode(JSON.stringify(config));
}

function accessWith(content: Uint8Array, files: Files, env: Env): KubeconfigDeps {
  return {
    files: {
      read: (path) => (path === PATH ? Promise.resolve(content) : files.read(path)),
      write: (path, bytes, options) => files.write(path, bytes, options),
      list: (path) => files.list(path),
      remove: (path) => files.remove(path),
    },
    credentials: { run: runProgram, clock: env.clock },
  };
}
