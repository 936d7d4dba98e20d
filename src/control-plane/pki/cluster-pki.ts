/**
 * The certificates of one data directory: read if they are there and fit, made otherwise. Keys are
 * readable by their owner only.
 */
import { assert } from "../../base/assert.ts";
import type { Env } from "../../base/env.ts";
import type { Files } from "../../base/files.ts";
import { MASTERS_GROUP } from "../../machinery/request.ts";
import {
  createAuthority,
  isFit,
  issueCertificate,
  type Fitness,
  type KeyPair,
  type LeafOptions,
} from "../../pki/certificates.ts";

/** User name of the administrator's certificate. */
export const ADMIN_USER = "setpoint-admin";
/** Group of the API server when it calls node agents. */
export const NODE_CLIENTS_GROUP = "setpoint:node-clients";
/** Name of the API server when it names users to other servers. */
export const FRONT_PROXY_USER = "front-proxy-client";
/** Group of all node agents. */
export const NODES_GROUP = "system:nodes";

/** A certificate with less time left is made anew at start. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

/** The names an API server on this machine is reached by. */
const SERVER_HOSTS: readonly string[] = [
  "localhost",
  "127.0.0.1",
  "::1",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

export type ClusterPki = {
  readonly authority: KeyPair;
  readonly server: KeyPair;
  readonly admin: KeyPair;
  /** What the API server shows to node agents. */
  readonly nodeClient: KeyPair;
  /** Signs the certificate with which the API server names users to other servers. */
  readonly frontProxyAuthority: KeyPair;
  readonly frontProxy: KeyPair;
  /** Both sides of a node agent: client of the API, server of logs. */
  readonly node: (name: string) => Promise<KeyPair>;
};

export type PkiOptions = {
  /** Folder for the PEM files; undefined keeps everything in memory. */
  readonly directory: string | undefined;
  /** Further names or addresses of the API server. */
  readonly hosts: readonly string[];
};

/** Reads or makes all certificates a control plane needs. */
export async function openClusterPki(
  options: PkiOptions,
  deps: { readonly files: Files; readonly env: Env },
): Promise<ClusterPki> {
  const cabinet = new Cabinet(options.directory, deps);
  const [authority, frontProxyAuthority] = await Promise.all([
    cabinet.authority("ca", "setpoint-ca"),
    cabinet.authority("front-proxy-ca", "setpoint-front-proxy-ca"),
  ]);
  const leaf = (name: string, leafOptions: LeafOptions): Promise<KeyPair> =>
    cabinet.leaf(name, authority, leafOptions);

  const [server, admin, nodeClient, frontProxy] = await Promise.all([
    leaf("apiserver", {
      commonName: "kube-apiserver",
      organizations: [],
      hosts: [...SERVER_HOSTS, ...options.hosts],
      usages: ["server"],
    }),
    leaf("admin", {
      commonName: ADMIN_USER,
      organizations: [MASTERS_GROUP],
      hosts: [],
      usages: ["client"],
    }),
    leaf("apiserver-node-client", {
      commonName: "kube-apiserver-node-client",
      organizations: [NODE_CLIENTS_GROUP],
      hosts: [],
      usages: ["client"],
    }),
    cabinet.leaf("front-proxy-client", frontProxyAuthority, {
      commonName: FRONT_PROXY_USER,
      organizations: [],
      hosts: [],
      usages: ["client"],
    }),
  ]);
  const node = (name: string): Promise<KeyPair> =>
    leaf(`node-${name}`, {
      commonName: `system:node:${name}`,
      organizations: [NODES_GROUP],
      hosts: [name, "localhost", "127.0.0.1"],
      usages: ["server", "client"],
    });
  return { authority, server, admin, nodeClient, frontProxyAuthority, frontProxy, node };
}

/** Key pairs by name, on disk or in memory only. */
class Cabinet {
  readonly #directory: string | undefined;
  readonly #deps: { readonly files: Files; readonly env: Env };

  constructor(directory: string | undefined, deps: { readonly files: Files; readonly env: Env }) {
    this.#directory = directory;
    this.#deps = deps;
  }

  authority(name: string, commonName: string): Promise<KeyPair> {
    const { env } = this.#deps;
    const fitness = { authority: undefined, hosts: [], remainingMsMin: RENEW_BEFORE_MS };
    return this.#keyPair(name, fitness, () => createAuthority(commonName, env));
  }

  leaf(name: string, authority: KeyPair, options: LeafOptions): Promise<KeyPair> {
    const { env } = this.#deps;
    const fitness = { authority, hosts: options.hosts, remainingMsMin: RENEW_BEFORE_MS };
    return this.#keyPair(name, fitness, () => issueCertificate(authority, options, env));
  }

  async #keyPair(name: string, fitness: Fitness, make: () => Promise<KeyPair>): Promise<KeyPair> {
    const kept = await this.#read(name);
    if (kept !== undefined && isFit(kept, fitness, this.#deps.env)) return kept;
    const made = await make();
    await this.#write(name, made);
    return made;
  }

  async #read(name: string): Promise<KeyPair | undefined> {
    if (this.#directory === undefined) return undefined;
    const [certificate, key] = await Promise.all([
      this.#deps.files.read(`${this.#directory}/${name}.crt`),
      this.#deps.files.read(`${this.#directory}/${name}.key`),
    ]);
    if (certificate === undefined || key === undefined) return undefined;
    const decoder = new TextDecoder();
    return { certificate: decoder.decode(certificate), key: decoder.decode(key) };
  }

  async #write(name: string, pair: KeyPair): Promise<void> {
    if (this.#directory === undefined) return;
    assert(/^[a-z0-9.-]+$/.test(name), "a key pair's name is a plain file name");
    const encoder = new TextEncoder();
    // A crash between the two leaves a pair that does not match, and is not used.
    const { files } = this.#deps;
    await files.write(`${this.#directory}/${name}.key`, encoder.encode(pair.key), { mode: 0o600 });
    await files.write(`${this.#directory}/${name}.crt`, encoder.encode(pair.certificate), {
      mode: 0o644,
    });
  }
}
