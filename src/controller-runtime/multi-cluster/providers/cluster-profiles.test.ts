import { expect, onTestFinished, test } from "vitest";
import type { Files } from "../../../base/files.ts";
import { createMetrics } from "../../../base/metrics.ts";
import { aContext } from "../../../base/testing/context.ts";
import { virtualEnv } from "../../../base/virtual/virtual-env.ts";
import { ConfigMap } from "../../../client/builtin.ts";
import { anIdentityServer } from "../../../client/http/testing/identity-server.ts";
import { aCertificate } from "../../../client/http/testing/test-certificate.ts";
import type { ResourceType } from "../../../client/resource-type.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { fakeCluster } from "../../testing/fake-cluster.ts";
import type { Cluster } from "../cluster.ts";
import { clusterProfiles, type ClusterProfilesOptions } from "./cluster-profiles.ts";

const TYPE: ResourceType = {
  group: "multicluster.x-k8s.io",
  version: "v1alpha1",
  kind: "ClusterProfile",
  resource: "clusterprofiles",
  isNamespaced: true,
};

/** `status`: of the profile. */
function aProfile(name: string, status: object): ApiObject {
  const metadata = { name, namespace: "fleet", labels: { tier: name } };
  const spec = { clusterManager: { name: "acme" } };
  return Object.assign(
    { apiVersion: "multicluster.x-k8s.io/v1alpha1", kind: TYPE.kind, metadata },
    {
      spec,
      status,
    },
  );
}

const provider = (name: string, server: string, more: object = {}) => ({
  name,
  cluster: { server, ...more },
});

function onlyRead(contents: Readonly<Record<string, string>>): Files {
  return {
    read: (path) => {
      const text = contents[path];
      return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
    },
    write: () => Promise.reject(new Error("only read")),
    list: () => Promise.resolve([]),
    remove: () => Promise.reject(new Error("only read")),
  };
}

async function listen(
  profiles: readonly ApiObject[],
  options: ClusterProfilesOptions = { users: { acme: { token: "t" } } },
) {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  for (const profile of profiles) hub.seed(TYPE, profile);
  const told: (readonly Cluster[])[] = [];
  const stop = new AbortController();
  const deps = { hub: hub.client, env };
  const tell = (clusters: readonly Cluster[]): void => void told.push(clusters);
  const running = clusterProfiles(options).run(tell, deps, aContext(env, stop.signal));
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  await env.advance(1_000);
  return { env, hub, last: () => told.at(-1) ?? [] };
}

test("each profile is a cluster, connected anew when it says otherwise", async () => {
  const status = { accessProviders: [provider("acme", "https://a.example")] };
  const older = { credentialProviders: [provider("acme", "https://b.example")] };
  const profiles = [aProfile("a", status), aProfile("b", older), aProfile("new", {})];
  const { env, hub, last } = await listen(profiles);
  expect(last().map(({ name, labels }) => [name, labels])).toEqual([
    ["a", { tier: "a" }],
    ["b", { tier: "b" }],
  ]);
  const [before] = last();
  hub.seed(TYPE, aProfile("a", { accessProviders: [provider("acme", "https://c.example")] }));
  await env.advance(1_000);
  expect(last()[0]?.fingerprint).not.toBe(before?.fingerprint);
  hub.vanish(TYPE, { namespace: "fleet", name: "b" });
  await env.advance(1_000);
  expect(last().map(({ name }) => name)).toEqual(["a"]);
});

test("a profile whose providers are all unknown is told of, with their names", async () => {
  const status = { accessProviders: [provider("x", "https://a"), provider("y", "https://a")] };
  const { env, last } = await listen([aProfile("a", status)]);
  expect(last()).toEqual([]);
  const warning = env.lines.find(({ level }) => level === "warn");
  const problem = String(warning?.fields?.["error"]);
  expect(problem).toContain("none of its providers of access is in `users`: x, y");
});

test("its cluster is reached as the profile says, by the user whom the program names", async () => {
  const validity = { notBefore: new Date(Date.now() - 1e7), notAfter: new Date(Date.now() + 1e7) };
  const certificate = await aCertificate(validity);
  const there = await anIdentityServer({ protocol: "h2", certificate });
  const data = Buffer.from(certificate.certificate).toString("base64");
  const access = provider("acme", there.url, { "certificate-authority-data": data });
  const { env, last } = await listen([aProfile("a", { accessProviders: [access] })], {
    namespace: "fleet",
    users: { acme: { tokenFile: "/tokens/fleet" } },
    files: onlyRead({ "/tokens/fleet": "secret" }),
  });
  const connected = await last()[0]?.connect({ env, metrics: createMetrics() });
  const { client } = connected ?? {};
  await client?.get(ConfigMap, { namespace: "default", name: "a" }, aContext(env));
  expect(there.seen[0]?.headers["authorization"]).toBe("Bearer secret");
  await connected?.close?.();
});

test("a profile cannot make this program read files", async () => {
  const access = provider("acme", "https://a.example", { "certificate-authority": "/etc/ca" });
  const files: string[] = [];
  const { last } = await listen([aProfile("a", { accessProviders: [access] })], {
    users: { acme: { token: "t" } },
    files: { ...onlyRead({}), read: (path) => (files.push(path), Promise.resolve(undefined)) },
  });
  expect(last()).toHaveLength(1);
  expect(files).toEqual([]);
});
