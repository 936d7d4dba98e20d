/**
 * Kubeconfig files: where a server is and who calls, as kubectl and all its relatives keep it.
 *
 * Read: clusters, contexts and users with certificates or tokens, inline or as files, or given by a
 * program; proxies; merged over several files. Not supported, and said so: passwords, and the
 * providers that came before programs.
 */
import { delimiter, dirname, resolve } from "node:path";
import { errorText } from "../../base/error-text.ts";
import type { Files } from "../../base/files.ts";
import { DecodeError } from "../../machinery/codec/json.ts";
import { decodeYaml, encodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import {
  ExecCredentials,
  type CredentialsDeps,
  type CredentialsProgram,
} from "./exec-credentials.ts";
import type { ClientCertificate, ConnectionOptions } from "../http/connection-options.ts";
import { proxyAddress } from "../http/proxy-address.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { proxyOfEnvironment, type Variable } from "./proxy-environment.ts";

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

type FilesDeps = {
  readonly files: Files;
  /** Reads the environment, for its proxies. Absent: there are none. */
  readonly variable?: Variable;
};

export type KubeconfigDeps = FilesDeps & {
  /** Runs programs that give credentials. Absent: a kubeconfig that names one is refused. */
  readonly credentials?: CredentialsDeps;
};

/** A named part of a kubeconfig, with the file it came from. */
type Entry = { readonly name: string; readonly fields: Fields; readonly path: string };

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
  const cluster = find(configs, "clusters", text(context, "cluster"), context.path);
  const userName = text(context, "user");
  const user = userName === "" ? undefined : find(configs, "users", userName, context.path);
  return {
    context: contextName,
    namespace: text(context, "namespace") || "default",
    connection: {
      ...(await clusterOptions(cluster, deps)),
      ...(user === undefined ? {} : await userOptions(user, cluster, deps)),
    },
  };
}

/** What `writeKubeconfig` writes: one cluster, one user, one context. */
export type NewKubeconfig = {
  /** Of cluster, user and context. */
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly clientCertificate?: ClientCertificate;
  readonly token?: string;
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
  const authority = await readText(deps.files, `${SERVICE_ACCOUNT_FOLDER}/ca.crt`);
  const namespace = await readText(deps.files, `${SERVICE_ACCOUNT_FOLDER}/namespace`);
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    context: "in-cluster",
    namespace: namespace.trim(),
    connection: {
      server,
      ...environmentProxy(server, deps),
      authority,
      token: tokenOf(deps.files, `${SERVICE_ACCOUNT_FOLDER}/token`),
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

async function clusterOptions(cluster: Entry, deps: FilesDeps): Promise<ConnectionOptions> {
  const server = text(cluster, "server");
  if (server === "") throw problem(cluster, "server", "not set");
  const authority = await content(cluster, "certificate-authority", deps);
  const serverName = text(cluster, "tls-server-name");
  const isUnverified = own(cluster.fields, "insecure-skip-tls-verify") === true;
  return {
    server,
    ...(authority === undefined ? {} : { authority }),
    ...(serverName === "" ? {} : { serverName }),
    ...(isUnverified ? { isUnverified } : {}),
    ...proxyOptions(cluster, server, deps),
  };
}

/** The proxy of a cluster goes before that of the environment, which NO_PROXY is about. */
function proxyOptions(
  cluster: Entry,
  server: string,
  deps: FilesDeps,
): Pick<ConnectionOptions, "proxy"> {
  const proxy = text(cluster, "proxy-url");
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

async function userOptions(
  user: Entry,
  cluster: Entry,
  deps: KubeconfigDeps,
): Promise<Partial<ConnectionOptions>> {
  refuse(user, "auth-provider", "is not known any more; name a program under `exec` instead");
  refuse(user, "username", "passwords are not supported by API servers any more; use a token");
  const certificate = await content(user, "client-certificate", deps);
  const key = await content(user, "client-key", deps);
  if ((certificate === undefined) !== (key === undefined)) {
    throw problem(user, "client-key", "a certificate and its key go together");
  }
  const given = await credentialsOptions(user, cluster, deps);
  const token = given.token ?? tokenIn(user, deps);
  const impersonated = text(user, "as");
  const groups = own(user.fields, "as-groups");
  return {
    ...given,
    ...(certificate === undefined || key === undefined
      ? {}
      : { clientCertificate: { certificate, key } }),
    ...(token === undefined ? {} : { token }),
    ...(impersonated === ""
      ? {}
      : {
          impersonate: {
            user: impersonated,
            groups: Array.isArray(groups) ? groups.map(String) : [],
          },
        }),
  };
}

/** What the program of a user gives, if there is one. */
async function credentialsOptions(
  user: Entry,
  cluster: Entry,
  deps: KubeconfigDeps,
): Promise<Partial<ConnectionOptions>> {
  const exec = own(user.fields, "exec");
  if (exec === undefined || exec === null) return {};
  if (!isFields(exec)) throw problem(user, "exec", "not a mapping");
  if (deps.credentials === undefined) {
    throw problem(user, "exec", "programs that give credentials are not run here; use a token");
  }
  const program = readProgram({ ...user, fields: exec }, cluster);
  const credentials = new ExecCredentials(program, deps.credentials);
  const { clientCertificate } = await credentials.get();
  return clientCertificate === undefined
    ? {
        token: async () => (await credentials.get()).token ?? "",
        onUnauthorized: () => credentials.forget(),
      }
    : { clientCertificate };
}

const CREDENTIAL_VERSIONS = ["v1", "v1beta1"].map(
  (version) => `client.authentication.k8s.io/${version}`,
);

function readProgram(exec: Entry, cluster: Entry): CredentialsProgram {
  const apiVersion = text(exec, "apiVersion");
  if (!CREDENTIAL_VERSIONS.includes(apiVersion)) {
    throw problem(exec, "exec.apiVersion", `one of ${CREDENTIAL_VERSIONS.join(", ")}`);
  }
  const command = text(exec, "command");
  if (command === "") throw problem(exec, "exec.command", "not set");
  const args = own(exec.fields, "args") ?? [];
  const variables = own(exec.fields, "env") ?? [];
  const isTold = own(exec.fields, "provideClusterInfo") === true;
  return {
    apiVersion,
    // A path is meant from the kubeconfig's folder, a bare name from PATH.
    command: command.includes("/") ? resolve(dirname(exec.path), command) : command,
    args: Array.isArray(args) ? args.map(String) : [],
    variables: Object.fromEntries(
      (Array.isArray(variables) ? variables : []).filter(isFields).map((each) => {
        return [String(own(each, "name")), String(own(each, "value"))];
      }),
    ),
    installHint: text(exec, "installHint"),
    cluster: isTold ? cluster.fields : undefined,
  };
}

/** A file of tokens wins over a token, as in kubectl. */
function tokenIn(user: Entry, deps: FilesDeps): (() => Promise<string>) | undefined {
  const file = text(user, "tokenFile");
  if (file !== "") return tokenOf(deps.files, resolve(dirname(user.path), file));
  const token = text(user, "token");
  return token === "" ? undefined : () => Promise.resolve(token);
}

/** Read for each request: tokens in files are replaced while they are in use. */
function tokenOf(files: Files, path: string): () => Promise<string> {
  return async () => (await readText(files, path)).trim();
}

/** The text of `field-data`, or of the file that `field` names. */
async function content(entry: Entry, field: string, deps: FilesDeps): Promise<string | undefined> {
  const data = text(entry, `${field}-data`);
  if (data !== "") return new TextDecoder().decode(Buffer.from(data, "base64"));
  const file = text(entry, field);
  if (file === "") return undefined;
  return readText(deps.files, resolve(dirname(entry.path), file));
}

async function readText(files: Files, path: string): Promise<string> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw new KubeconfigError(`${path}: there is no such file`);
  return new TextDecoder().decode(bytes);
}

function text(entry: Entry, field: string): string {
  const value = own(entry.fields, field) ?? "";
  if (typeof value !== "string") throw problem(entry, field, "not a string");
  return value;
}

function refuse(entry: Entry, field: string, why: string): void {
  if (own(entry.fields, field) !== undefined) throw problem(entry, field, why);
}

function problem(entry: Entry, field: string, why: string): KubeconfigError {
  return new KubeconfigError(`${entry.path}: ${entry.name}: ${field}: ${why}`);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
