/** Kubeconfig files as this program writes them. */
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import type { ClientCertificate } from "../http/connection-options.ts";

export type KubeconfigContent = {
  /** Of the cluster and the context. */
  readonly name: string;
  /** `https://host:port` */
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly user: string;
  readonly clientCertificate: ClientCertificate;
  /** Default: none, which means "default". */
  readonly namespace?: string;
};

/** A kubeconfig with everything in it; keep it to its owner (mode 600). */
export function kubeconfigText(content: KubeconfigContent): string {
  const { name, server, user, namespace } = content;
  return encodeYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server, "certificate-authority-data": base64(content.authority) } },
    ],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": base64(content.clientCertificate.certificate),
          "client-key-data": base64(content.clientCertificate.key),
        },
      },
    ],
    contexts: [
      { name, context: { cluster: name, user, ...(namespace === undefined ? {} : { namespace }) } },
    ],
    "current-context": name,
  });
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
