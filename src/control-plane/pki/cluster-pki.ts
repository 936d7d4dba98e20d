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
  issueCertificate,
  remainingMs,
  type KeyPair,
  type LeafOptions,
} from "./certificates.ts";

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
  const authority = await cabinet.keyPair("ca", () => createAuthority("setpoint-ca", deps.env));
  const frontProxyAuthority = await cabinet.keyPair("front-proxy-ca", () =>
    createAuthority("setpoint-front-proxy-ca", deps.env),
  );
  const leaf = (name: string, leafOptions: LeafOptions): Promise<KeyPair> =>
    cabinet.keyPair(name, () => issueCertificate(authority, leafOptions, deps.env));

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
    cabinet.keyPair("front-proxy-client", () =>
      issueCertificate(
        frontProxyAuthority,
        { commonName: FRONT_PROXY_USER, organizations: [], hosts: [], usages: ["client"] },
        deps.env,
      ),
    ),
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

  async keyPair(name: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
    const kept = await this.#read(name);
    if (kept !== undefined) return kept;
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
    const pair = { certificate: decoder.decode(certificate), key: decoder.decode(key) };
    return remainingMs(pair.certificate, this.#deps.env) < RENEW_BEFORE_MS ? undefined : pair;
  }

  async #write(name: string, pair: KeyPair): Promise<void> {
    if (this.#directory === undefined) return;
    assert(/^[a-z0-9.-]+$/.test(name), "a key pair's name is a plain file name");
    const encoder = new TextEncoder();
    // The key goes first: a certificate without its key would be believed, a lone key is not.
    const { files } = this.#deps;
    await files.write(`${this.#directory}/${name}.key`, encoder.encode(pair.key), { mode: 0o600 });
    await files.write(`${this.#directory}/${name}.crt`, encoder.encode(pair.certificate), {
      mode: 0o644,
    });
  }
}
