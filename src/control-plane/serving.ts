/** The control plane over HTTPS: certificates, the listening server, kubeconfigs, node agents. */
import type { Env } from "../base/env.ts";
import type { Files } from "../base/files.ts";
import { realFiles } from "../base/real/files.ts";
import type { Client } from "../client/client.ts";
import { httpTransport } from "../client/http/http-transport.ts";
import { writeKubeconfig } from "../client/node/kubeconfig.ts";
import type { Transport } from "../client/transport.ts";
import type { KeyPair } from "../pki/certificates.ts";
import type { Authenticator } from "../server/authn/authenticator.ts";
import type { Dispatch } from "../server/dispatch.ts";
import type { BackendIdentities } from "../server/http/backend-client.ts";
import type { Relay } from "../server/http/client-connection.ts";
import { serve, type ServingHandle } from "../server/http/serve.ts";
import type { FrontProxyFacts } from "./bootstrap/cluster-objects.ts";
import type { QualifiedServeOptions } from "./options.ts";
import { connectToAgent, type AgentIdentity } from "./process/agent-connections.ts";
import { FRONT_PROXY_USER, openClusterPki, type ClusterPki } from "./pki/cluster-pki.ts";

/** @public How a control plane is reached. */
export interface Serving {
  /** `https://127.0.0.1:7443` */
  readonly url: string;
  /** PEM of the authority that signs all certificates. */
  readonly authorityPem: string;
  /** Writes the administrator's kubeconfig (mode 600). */
  writeAdminKubeconfig(path: string): Promise<void>;
  /** Writes that of a node's agent (mode 600); its certificate also serves the agent's HTTPS. */
  writeNodeKubeconfig(nodeName: string, path: string): Promise<void>;
}

export type ServingDeps = {
  readonly env: Env;
  readonly dispatch: Dispatch;
  readonly authenticate: Authenticator;
  /** For the addresses of nodes. */
  readonly client: Client;
  readonly relay: Relay;
};

/** A running server with its certificates. */
export class HttpsServing implements Serving {
  readonly url: string;
  readonly #pki: ClusterPki;
  readonly #handle: ServingHandle;
  readonly #env: Env;
  readonly #files: Files;

  private constructor(pki: ClusterPki, handle: ServingHandle, env: Env, files: Files) {
    this.#files = files;
    this.#pki = pki;
    this.#handle = handle;
    this.#env = env;
    const host = handle.host.includes(":") ? `[${handle.host}]` : handle.host;
    this.url = `https://${host}:${handle.port}`;
  }

  /** Reads or makes certificates, and listens. Writes the administrator's kubeconfig. */
  static async start(
    options: QualifiedServeOptions,
    directory: string | undefined,
    deps: ServingDeps,
    files: Files = realFiles,
  ): Promise<HttpsServing> {
    const { env, dispatch, authenticate } = deps;
    const keys = directory === undefined ? undefined : `${directory}/pki`;
    const pki = await openClusterPki({ directory: keys, hosts: options.hosts }, { files, env });
    const identity: AgentIdentity = { ...pki.nodeClient, authority: pki.authority.certificate };
    const handle = await serve({
      dispatch,
      env,
      authenticate,
      tls: {
        key: pki.server.key,
        cert: pki.server.certificate,
        clientCa: pki.authority.certificate,
      },
      host: options.host,
      port: options.port,
      connectToNode: (node, target, client, context) =>
        connectToAgent(node, target, client, { ...deps, identity }, context),
      relay: deps.relay,
    });
    const serving = new HttpsServing(pki, handle, env, files);
    if (directory !== undefined) await serving.writeAdminKubeconfig(`${directory}/kubeconfig`);
    return serving;
  }

  get authorityPem(): string {
    return this.#pki.authority.certificate;
  }

  /** What the API server shows to others that it hands requests on to. */
  get identities(): BackendIdentities {
    const { frontProxy, nodeClient, authority } = this.#pki;
    return { frontProxy, nodeClient, authority: authority.certificate };
  }

  /** How others know requests that were handed on. */
  get frontProxy(): FrontProxyFacts {
    return { authorityPem: this.#pki.frontProxyAuthority.certificate, name: FRONT_PROXY_USER };
  }

  writeAdminKubeconfig(path: string): Promise<void> {
    return this.#writeKubeconfig(path, this.#pki.admin);
  }

  async writeNodeKubeconfig(nodeName: string, path: string): Promise<void> {
    await this.#writeKubeconfig(path, await this.#pki.node(nodeName));
  }

  /** A transport to a node agent, with the API server's own certificate. */
  connectToAgent(url: string): Transport {
    return httpTransport(
      {
        server: url,
        authority: this.authorityPem,
        clientCertificate: this.#pki.nodeClient,
        userAgent: "kube-apiserver",
      },
      this.#env,
    );
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #writeKubeconfig(path: string, clientCertificate: KeyPair): Promise<void> {
    const { url: server, authorityPem: authority } = this;
    const config = { name: "setpoint", server, authority, clientCertificate };
    return writeKubeconfig(path, config, { files: this.#files });
  }
}
