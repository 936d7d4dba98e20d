/** Where another API server is, how it is believed, and how it is told who asks. */
import type { Context } from "../../base/context.ts";
import type { Backend, BackendHeaders, BackendTls } from "../../machinery/backend.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { serviceHost } from "../webhooks/webhook-client.ts";
import type { ServiceResolver } from "../webhooks/service-resolver.ts";
import type { RemoteService } from "./api-service-index.ts";

/** Rejects with a `WebhookCallError` when the service has no address. */
export async function remoteBackend(
  remote: RemoteService,
  resolve: ServiceResolver,
  context: Context,
): Promise<Backend> {
  const { host, port } = await resolve(remote.service, context);
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { tls: tlsOf(remote), host, port, authority };
}

function tlsOf({ apiService, service }: RemoteService): BackendTls {
  const { caBundle = "", insecureSkipTLSVerify = false } = apiService.spec;
  const trust: BackendTls["trust"] = insecureSkipTLSVerify
    ? { kind: "anyone" }
    : caBundle === ""
      ? { kind: "system" }
      : { kind: "bundle", pem: Buffer.from(caBundle, "base64").toString("utf8") };
  return { trust, serverName: serviceHost(service), identity: "front-proxy" };
}

/** Who asks, as a proxy says it. */
export function identityHeaders({ name, uid = "", groups, extra = {} }: UserInfo): BackendHeaders {
  const extras = Object.entries(extra).map(([key, values]): [string, readonly string[]] => [
    `x-remote-extra-${encodeURIComponent(key)}`,
    values.map(headerBytes),
  ]);
  return {
    "x-remote-user": headerBytes(name),
    ...(uid === "" ? {} : { "x-remote-uid": headerBytes(uid) }),
    ...(groups.length === 0 ? {} : { "x-remote-group": groups.map(headerBytes) }),
    ...Object.fromEntries(extras),
  };
}

/** One letter a byte: so headers go out as UTF-8. */
function headerBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
