/**
 * Kubeconfig files: where a server is and who calls, as kubectl and all its relatives keep it.
 *
 * Read: clusters, contexts and users with certificates or tokens, inline or as files, or given by a
 * program; proxies; merged over several files. Files that are replaced, and credentials that
 * programs give for a time, are had anew while they are in use. Not supported, and said so:
 * passwords, and the providers that came before programs.
 */
import { delimiter, resolve } from "node:path";
import { errorText } from "../../base/error-text.ts";
import { DecodeError } from "../../machinery/codec/json.ts";
import { decodeYaml, encodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ClientCertificate, ConnectionOptions } from "../http/connection-options.ts";
import { proxyAddress } from "../http/proxy-address.ts";
import type { ExecCredentials } from "./exec-credentials.ts";
import {
  pemOf,
  pemOfFile,
  problem,
  readText,
  textOf,
  type Entry,
  type FilesDeps,
} from "./kubeconfig-entry.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { readUser, tokenOfFile, type UserDeps } from "./kubeconfig-user.ts";
import { proxyOfEnvironment } from "./proxy-environment.ts";
import { callerOf } from "./renewal-advice.ts";
import { hasFiles, materialOf, TlsFiles, type TlsParts } from "./renewed-tls.ts";

/** What one context of a kubeconfig gives access to. */
export type ClusterAccess = {
  /** The context's name. */
  readonly context: string;
  readonly connection: ConnectionOptions;
  /** Where namespaced objects live if no namespace is named. */
  readonly namespace: string;
};

/** Which kubeconfig, and which of its contexts. */
export type KubeconfigOptions = {
  /** One file, or several as KUBECONFIG lists them: of equal names the first one counts. */
  readonly path: string;
  /** Default: the current context of the first file that has one. */
  readonly context?: string | undefined;
};

export type KubeconfigDeps = UserDeps;

type Kubeconfig = {
  readonly path: string;
  readonly currentContext: string;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
};

/** The access a kubeconfig gives. Throws a `KubeconfigError`. */
export async function loadKubeconfig(
  options: KubeconfigOptions,
  deps: KubeconfigDeps,
): Promise<ClusterAccess> {
  const configs: Kubeconfig[] = [];
  for (const path of options.path.split(delimiter).filter((each) => each !== "")) {
    const content = await deps.files.read(resolve(path));
    if (content !== undefined) configs.push(decode(resolve(path), content));
  }
  if (configs.length === 0) throw new KubeconfigError(`${options.path}: there is no such file`);
  const contextName =
    options.context ?? configs.map((config) => config.currentContext).find((name) => name !== "");
  if (contextName === undefined) {
    throw new KubeconfigError(`${options.path}: current-context is not set`);
  }
  const context = find(configs, "contexts", contextName, options.path);
  const cluster = find(configs, "clusters", textOf(context, "cluster"), context.path);
  const userName = textOf(context, "user");
  const user = userName === "" ? undefined : find(configs, "users", userName, context.path);
  return {
    context: contextName,
    namespace: textOf(context, "namespace") || "default",
    connection: { ...(await connectionTo(cluster, user, deps)), caller: callerOf(context, user) },
  };
}

/** What `writeKubeconfig` writes: one cluster, one user, one context. */
export type NewKubeconfig = {
  /** Of cluster, user and context. */
  readonly name: string;
  /** E.g. `https://127.0.0.1:7443`. */
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  /** By which the user is known. Default: by none. */
  readonly clientCertificate?: ClientCertificate;
  /** By which the user is known. Default: by none. */
  readonly token?: string;
  /** Of the context (default: that of the program which reads it, as a rule `default`). */
  readonly namespace?: string;
};

/** Writes a kubeconfig that holds all it needs, readable by its owner only. */
export async function writeKubeconfig(
  path: string,
  config: NewKubeconfig,
  deps: FilesDeps,
): Promise<void> {
  const { name, server, authority, clientCertificate, token, namespace } = config;
  const user = {
    ...(clientCertificate === undefined
      ? {}
      : {
          "client-certificate-data": base64(clientCertificate.certificate),
          "client-key-data": base64(clientCertificate.key),
        }),
    ...(token === undefined ? {} : { token }),
  };
  const context = { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) };
  const value = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [{ name, user }],
    contexts: [{ name, context }],
    "current-context": name,
    preferences: {},
  };
  const content = new TextEncoder().encode(encodeYaml(value));
  await deps.files.write(path, content, { mode: 0o600 });
}

const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The access a pod has to its own cluster. `host`, `port`: the values of KUBERNETES_SERVICE_*. */
export async function inClusterAccess(
  options: { readonly host: string; readonly port: string },
  deps: FilesDeps,
): Promise<ClusterAccess> {
  const { host, port } = options;
  const authority = await pemOfFile(deps.files, `${SERVICE_ACCOUNT_FOLDER}/ca.crt`);
  const namespace = await readText(deps.files, `${SERVICE_ACCOUNT_FOLDER}/namespace`);
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    context: "in-cluster",
    namespace: namespace.trim(),
    connection: {
      server,
      ...environmentProxy(server, deps),
      ...renewed({ authority, certificate: undefined, key: undefined }, undefined, deps),
      token: tokenOfFile(deps.files, `${SERVICE_ACCOUNT_FOLDER}/token`),
      caller: {
        name: "this pod's service account",
        renewal:
          `It is read from ${SERVICE_ACCOUNT_FOLDER}/token for each request, where the kubelet ` +
          "renews it: see whether the service account still exists",
      },
    },
  };
}

function decode(path: string, content: Uint8Array): Kubeconfig {
  const value = parse(path, content);
  if (!isFields(value)) throw new KubeconfigError(`${path}: a kubeconfig is a YAML mapping`);
  const current = own(value, "current-context");
  return {
    path,
    currentContext: typeof current === "string" ? current : "",
    contexts: entries(value, "contexts", "context", path),
    clusters: entries(value, "clusters", "cluster", path),
    users: entries(value, "users", "user", path),
  };
}

function parse(path: string, content: Uint8Array): unknown {
  try {
    return decodeYaml(new TextDecoder().decode(content)).value;
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new KubeconfigError(`${path}: ${cause.message}`, { cause });
  }
}

function entries(value: Fields, list: string, field: string, path: string): readonly Entry[] {
  const items = own(value, list) ?? [];
  if (!Array.isArray(items)) throw new KubeconfigError(`${path}: ${list}: not a list`);
  return items.flatMap((item: unknown) => {
    if (!isFields(item)) return [];
    const name = own(item, "name");
    const fields = own(item, field) ?? {};
    return typeof name === "string" && isFields(fields) ? [{ name, fields, path }] : [];
  });
}

function find(
  configs: readonly Kubeconfig[],
  list: "contexts" | "clusters" | "users",
  name: string,
  path: string,
): Entry {
  const all = configs.flatMap((config) => config[list]);
  const found = all.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const known = all.length === 0 ? "there are none" : all.map((entry) => entry.name).join(", ");
  const problem = `${list} has no ${JSON.stringify(name)} (known: ${known})`;
  throw new KubeconfigError(`${path}: ${problem}`);
}

async function connectionTo(
  cluster: Entry,
  user: Entry | undefined,
  deps: KubeconfigDeps,
): Promise<ConnectionOptions> {
  const server = textOf(cluster, "server");
  if (server === "") throw problem(cluster, "server", "not set");
  const authority = await pemOf(cluster, "certificate-authority", deps);
  const serverName = textOf(cluster, "tls-server-name");
  const isUnverified = own(cluster.fields, "insecure-skip-tls-verify") === true;
  if (isUnverified && authority !== undefined) {
    const why = "a certificate-authority beside it is not allowed; leave one of them out";
    throw problem(cluster, "insecure-skip-tls-verify", why);
  }
  const access = user === undefined ? {} : await readUser(user, cluster, deps);
  const { certificate, key, program, token, impersonate } = access;
  return {
    server,
    ...(serverName === "" ? {} : { serverName }),
    ...(isUnverified ? { isUnverified } : {}),
    ...proxyOptions(cluster, server, deps),
    ...renewed({ authority, certificate, key }, program, deps),
    ...(token === undefined ? {} : { token }),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

/** What is known of the certificates now, and how they are had later where they can change. */
function renewed(
  parts: TlsParts,
  program: ExecCredentials | undefined,
  deps: KubeconfigDeps,
): Partial<ConnectionOptions> {
  const { authority, clientCertificate } = materialOf(parts);
  const now = {
    ...(authority === undefined ? {} : { authority }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
  if (program === undefined && !hasFiles(parts)) return now;
  const { files: disk, clock = deps.credentials?.clock } = deps;
  const files = new TlsFiles(parts, { files: disk, clock });
  if (program === undefined) {
    return { ...now, tlsMaterial: () => files.get(), onUnauthorized: () => files.forget() };
  }
  return {
    ...now,
    token: async () => (await program.get()).token ?? "",
    tlsMaterial: async () => ({
      authority: (await files.get()).authority,
      clientCertificate: (await program.get()).clientCertificate,
    }),
    onUnauthorized: (shown) => {
      files.forget();
      program.refused(shown);
    },
  };
}

/** The proxy of a cluster goes before that of the environment, which NO_PROXY is about. */
function proxyOptions(
  cluster: Entry,
  server: string,
  deps: FilesDeps,
): Pick<ConnectionOptions, "proxy"> {
  const proxy = textOf(cluster, "proxy-url");
  if (proxy === "") return environmentProxy(server, deps);
  try {
    proxyAddress(proxy);
  } catch (cause) {
    throw problem(cluster, "proxy-url", errorText(cause));
  }
  return { proxy };
}

function environmentProxy(server: string, deps: FilesDeps): Pick<ConnectionOptions, "proxy"> {
  const { variable } = deps;
  const proxy = variable === undefined ? undefined : proxyOfEnvironment(server, variable);
  return proxy === undefined ? {} : { proxy };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
