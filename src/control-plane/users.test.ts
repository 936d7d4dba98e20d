/** Users of a whole control plane: by what they are known, and what the first roles let them do. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ClusterRole } from "../apis/rbac/v1/types.generated.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { Secret, ServiceAccount } from "../client/builtin.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";
import type { ServeOptions } from "./options.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function aServedPlane(serve: ServeOptions, directory?: string): Promise<ControlPlane> {
  const plane = await createControlPlane({
    hasControllers: false,
    serve,
    ...(directory === undefined ? {} : { directory }),
  });
  ends.push(() => plane.close());
  return plane;
}

type Asked = { readonly status: number; readonly value: unknown };

/** What somebody with this token, or without any, is answered. */
function ask(plane: ControlPlane, path: string, token?: string, body?: object): Promise<Asked> {
  const { url, authorityPem } = plane.serving();
  const headers = {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { ca: authorityPem, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ status: response.statusCode ?? 0, value });
      });
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const PODS = "/api/v1/namespaces/default/pods";
const ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";
const TOKEN_SECRET_TYPE = "kubernetes.io/service-account-token";

test("tokens of options and of a file are users, and the first roles let them look", async () => {
  const folder = await mkdtemp(join(tmpdir(), "setpoint-users-"));
  ends.push(() => rm(folder, { recursive: true }));
  const tokenFile = join(folder, "tokens.csv");
  await writeFile(tokenFile, 'bobs-token,bob,7,"ops,system:masters"\n');
  const alice = { token: "alices-token", name: "alice", uid: "2", groups: ["devs"] };
  const plane = await aServedPlane({ tokens: [alice], tokenFile });

  expect(await ask(plane, WHOAMI, "alices-token", {})).toMatchObject({
    status: 201,
    value: { status: { userInfo: { username: "alice", uid: "2" } } },
  });
  expect((await ask(plane, "/api", "alices-token")).status).toBe(200);
  expect((await ask(plane, PODS, "alices-token")).status).toBe(403);
  expect((await ask(plane, PODS, "bobs-token")).status).toBe(200);
  expect((await ask(plane, PODS, "carls-token")).status).toBe(401);
  expect((await ask(plane, "/version")).status).toBe(200);
  expect((await ask(plane, "/api")).status).toBe(403);
});

test("without anonymous users nothing is said to strangers", async () => {
  const plane = await aServedPlane({ allowsAnonymous: false });
  expect((await ask(plane, "/version")).status).toBe(401);
});

test("a token of an account is good after a restart", async () => {
  const directory = await mkdtemp(join(tmpdir(), "setpoint-users-"));
  ends.push(() => rm(directory, { recursive: true }));
  const store = { kind: "lmdb", directory: join(directory, "store") } as const;
  const options = { hasControllers: false, serve: {}, directory, store };
  const first = await createControlPlane(options);
  const tokens = [{ token: "root", name: "root", groups: ["system:masters"] }];
  await first.close();
  const second = await createControlPlane({ ...options, serve: { tokens } });
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await ask(second, accounts, "root", { metadata: { name: "builder" } });
  const { value } = await ask(second, `${accounts}/builder/token`, "root", {});
  const { token } = (value as { readonly status: { readonly token: string } }).status;
  await second.close();
  const third = await createControlPlane(options);
  ends.push(() => third.close());
  expect(await ask(third, WHOAMI, token, {})).toMatchObject({
    value: { status: { userInfo: { username: "system:serviceaccount:default:builder" } } },
  });
});

const CLUSTER_ROLES: ResourceType<ClusterRole> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  resource: "clusterroles",
  isNamespaced: false,
};

test("the roles of people gather their rules", async () => {
  const env = virtualEnv();
  const plane = await createControlPlane({ env });
  ends.push(() => plane.close());
  const resources = async (): Promise<readonly string[]> => {
    const { items } = await plane.client.list(CLUSTER_ROLES, {}, plane.context);
    const view = items.find(({ metadata }) => metadata.name === "view");
    return (view?.rules ?? []).flatMap((rule) => rule.resources ?? []);
  };
  for (let step = 0; step < 50 && (await resources()).length === 0; step += 1) {
    await env.advance(100);
  }
  expect(await resources()).toContain("pods/log");
});

test("a secret asked for gets a token, which is good as long as it holds it", async () => {
  const plane = await createControlPlane({ serve: {} });
  ends.push(() => plane.close());
  const { client, context } = plane;
  const key = { namespace: "default", name: "robot" };
  const core = { apiVersion: "v1" } as const;
  const annotations = { [ACCOUNT_ANNOTATION]: "robot" };
  await client.create(ServiceAccount, { ...core, kind: "ServiceAccount", metadata: key }, context);
  const metadata = { ...key, annotations };
  const wanted: Secret = { ...core, kind: "Secret", metadata, type: TOKEN_SECRET_TYPE };
  await client.create(Secret, wanted, context);
  for await (const events of await client.watch(Secret, { namespace: "default" }, context)) {
    const filled = events.find(
      (event) => event.kind === "MODIFIED" && event.object.value.data?.["token"] !== undefined,
    );
    if (filled !== undefined) break;
  }
  const { data = {} } = await client.get(Secret, key, context);
  expect([atob(data["namespace"] ?? ""), atob(data["ca.crt"] ?? "")]).toEqual([
    "default",
    plane.serving().authorityPem,
  ]);
  const token = atob(data["token"] ?? "");
  expect(await ask(plane, WHOAMI, token, {})).toMatchObject({
    value: { status: { userInfo: { username: "system:serviceaccount:default:robot" } } },
  });
  await client.delete(Secret, key, context);
  expect((await ask(plane, WHOAMI, token, {})).status).toBe(401);
});
