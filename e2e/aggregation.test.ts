/** Another API server behind a Service, and pods behind the proxy, as kubectl sees them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realEnv } from "../src/base/real/env.ts";
import { createAuthority, issueCertificate } from "../src/pki/certificates.ts";
import {
  eventually,
  KUBECTL,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

const GROUP = "toys.example.com";
const GROUP_VERSION = `${GROUP}/v1`;
const ROOT = `/apis/${GROUP_VERSION}`;
const BALLS = `${ROOT}/namespaces/default/balls`;

const LIST = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: GROUP_VERSION,
  resources: [
    {
      name: "balls",
      singularName: "ball",
      namespaced: true,
      kind: "Ball",
      verbs: ["get", "list", "watch"],
      shortNames: ["bl"],
    },
  ],
};

type Json = Readonly<Record<string, unknown>>;

function ball(name: string): Json {
  const metadata = { name, namespace: "default", uid: name, resourceVersion: "7" };
  return { apiVersion: GROUP_VERSION, kind: "Ball", metadata };
}

/** A server of one kind. It believes what a proxy says only if it shows a certificate. */
class ToyServer {
  /** Who asked for objects. */
  readonly callers: string[] = [];
  readonly #server: Server;

  constructor(tls: { readonly key: string; readonly cert: string; readonly ca: string }) {
    const options = { ...tls, requestCert: true, rejectUnauthorized: false };
    this.#server = createServer(options, (request, response) => this.#answer(request, response));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const send = (status: number, value: Json): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const socket = request.socket as TLSSocket;
    if (!socket.authorized) {
      send(401, { kind: "Status", apiVersion: "v1", status: "Failure", code: 401 });
      return;
    }
    const url = new URL(request.url ?? "/", "https://toys");
    if (url.pathname === ROOT) {
      send(200, LIST);
      return;
    }
    if (url.pathname !== BALLS) {
      send(404, { kind: "Status", apiVersion: "v1", status: "Failure", code: 404 });
      return;
    }
    const { "x-remote-user": user, "x-remote-group": groups } = request.headers;
    this.callers.push(
      `${String(socket.getPeerCertificate().subject.CN)}: ${String(user)} (${String(groups)})`,
    );
    if (url.searchParams.get("watch") === "true") {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(`${JSON.stringify({ type: "ADDED", object: ball("green") })}\n`);
      return;
    }
    const metadata = { resourceVersion: "7" };
    send(200, { kind: "BallList", apiVersion: GROUP_VERSION, metadata, items: [ball("red")] });
  }
}

/** The Service of a server on this machine, where it listens, and what it answers for. */
function toyObjects(port: number, authority: string): readonly Json[] {
  const ports = [{ name: "https", port: 443, targetPort: port }];
  const labels = { "kubernetes.io/service-name": "toys" };
  return [
    { apiVersion: "v1", kind: "Service", metadata: { name: "toys" }, spec: { ports } },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "toys-1", labels },
      addressType: "IPv4",
      ports: [{ name: "https", port }],
      endpoints: [{ addresses: ["127.0.0.1"] }],
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `v1.${GROUP}` },
      spec: {
        group: GROUP,
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { namespace: "default", name: "toys" },
        caBundle: Buffer.from(authority).toString("base64"),
      },
    },
  ];
}

describe.skipIf(KUBECTL === undefined)("aggregation", () => {
  const folder = mkdtempSync(join(tmpdir(), "setpoint-aggregation-"));
  let plane: SetpointProcess;
  let toys: ToyServer | undefined;

  beforeAll(async () => {
    const args = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];
    plane = await SetpointProcess.start({ args, expected: /Ctrl-C stops everything/ });
  });
  afterAll(async () => {
    toys?.close();
    await plane.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Starts the other server as its authors are told to, and registers it. */
  async function startToys(): Promise<ToyServer> {
    const name = "extension-apiserver-authentication";
    const config = await plane.kubectlJson<{ data: Readonly<Record<string, string>> }>(
      "get",
      "configmap",
      "-n",
      "kube-system",
      name,
    );
    const env = realEnv({ level: "error" });
    const authority = await createAuthority("toys-ca", env);
    const leaf = await issueCertificate(
      authority,
      {
        commonName: "toys",
        organizations: [],
        hosts: ["toys.default.svc"],
        usages: ["server"],
      },
      env,
    );
    const ca = config.data["requestheader-client-ca-file"] ?? "";
    const server = new ToyServer({ key: leaf.key, cert: leaf.certificate, ca });
    const port = await server.listen();
    const file = join(folder, "toys.json");
    const items = toyObjects(port, authority.certificate);
    writeFileSync(file, JSON.stringify({ kind: "List", apiVersion: "v1", items }));
    const created = await plane.kubectl("create", "-f", file);
    expect(created.code, created.stderr).toBe(0);
    return server;
  }

  async function says(expected: RegExp, ...args: readonly string[]): Promise<void> {
    await eventually(async () => {
      const ran = await plane.kubectl(...args);
      expect(`${ran.stdout}${ran.stderr}`).toMatch(expected);
    }, 30_000);
  }

  test("another server's kind is listed and watched, and missed when it is gone", async () => {
    await says(/v1\.apps\s+Local\s+True/, "get", "apiservices");
    toys = await startToys();
    const name = `v1.${GROUP}`;
    await says(/default\/toys\s+True/, "get", "apiservice", name);
    await says(/balls\s+bl\s+toys\.example\.com\/v1\s+true\s+Ball/, "api-resources");
    await says(/ball\.toys\.example\.com\/red/, "get", "bl", "-o", "name");
    expect(toys.callers.at(-1)).toMatch(/^front-proxy-client: setpoint-admin \(.*system:masters/);
    const watch = ["get", "--raw", `${BALLS}?watch=true`, "--request-timeout=3s"];
    expect((await plane.kubectl(...watch)).stdout).toContain('"green"');
    toys.close();
    await says(/default\/toys\s+False \(FailedDiscoveryCheck\)/, "get", "apiservice", name);
    await says(/unable to handle the request/, "get", "bl");
    await says(/unable to handle the request/, "get", "--raw", BALLS);
    await says(/deleted/, "delete", "apiservice", name);
    await says(/could not find the requested resource|page not found/, "get", "--raw", BALLS);
  });

  test("pods, services and nodes are reached through the API", async () => {
    const services = "/api/v1/namespaces/default/services";
    const pods = await plane.kubectlJson<{ items: readonly { metadata: { name: string } }[] }>(
      "get",
      "pods",
      "-l",
      "app=web",
    );
    const [pod] = pods.items;
    const direct = `/api/v1/namespaces/default/pods/${pod?.metadata.name ?? ""}:8080/proxy/`;
    const [throughPod, throughService] = await Promise.all([
      plane.kubectl("get", "--raw", direct),
      plane.kubectl("get", "--raw", `${services}/http:web:8080/proxy/`),
    ]);
    expect(throughPod.code, throughPod.stderr).toBe(0);
    expect(throughService.code, throughService.stderr).toBe(0);
    await says(/no service port 1 found/, "get", "--raw", `${services}/web:1/proxy/`);
    await says(/ok/, "get", "--raw", "/api/v1/nodes/node-1/proxy/healthz");
  });
});
