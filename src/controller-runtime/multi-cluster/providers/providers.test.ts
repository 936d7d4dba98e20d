import { expect, test } from "vitest";
import type { Files } from "../../../base/files.ts";
import { createMetrics } from "../../../base/metrics.ts";
import { aContext } from "../../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../../base/virtual/virtual-env.ts";
import { Namespace, Secret } from "../../../client/builtin.ts";
import type { Client } from "../../../client/client.ts";
import { OtherNamespaceError } from "../../../client/wrappers/namespaced-client.ts";
import { fakeCluster } from "../../testing/fake-cluster.ts";
import { aWidget, Widget } from "../../testing/widget.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";
import { createFleetManager } from "../fleet-manager.ts";
import { fixedClusters } from "./fixed-clusters.ts";
import { kubeconfigClusters } from "./kubeconfig-clusters.ts";
import { KUBECONFIG_BYTES_MAX } from "./kubeconfig-text.ts";
import { namespaceClusters } from "./namespace-clusters.ts";
import { secretClusters } from "./secret-clusters.ts";
import { severalProviders } from "./several-providers.ts";

/** What a provider has told, newest last. */
function listen(env: VirtualEnv, provider: ClusterProvider, hub?: Client) {
  const told: (readonly Cluster[])[] = [];
  const stop = new AbortController();
  const context = aContext(env, stop.signal);
  const running = provider.run((clusters) => void told.push(clusters), { hub, env }, context);
  return {
    told,
    names: () => told.at(-1)?.map(({ name }) => name),
    print: (name: string) => told.at(-1)?.find((one) => one.name === name)?.fingerprint,
    stop: async () => {
      stop.abort();
      await running;
      expect(env.pendingTimers).toBe(0);
    },
  };
}

function someFiles(contents: Readonly<Record<string, string>>): Files & {
  readonly all: Map<string, string>;
} {
  const all = new Map(Object.entries(contents));
  return {
    all,
    read: (path) => {
      const content = all.get(path);
      return Promise.resolve(content === undefined ? undefined : new TextEncoder().encode(content));
    },
    write: () => Promise.reject(new Error("only read")),
    list: (folder) => {
      const inside = [...all.keys()].filter((path) => path.startsWith(`${folder}/`));
      return Promise.resolve(inside.map((path) => path.slice(folder.length + 1)).sort());
    },
    remove: () => Promise.reject(new Error("only read")),
  };
}

/** A kubeconfig with one context for each user, whose fields are YAML. */
function aKubeconfig(users: Readonly<Record<string, string>>): string {
  const [current = ""] = Object.keys(users);
  const names = Object.entries(users);
  return [
    `current-context: ${current}`,
    "clusters: [{name: c, cluster: {server: 'https://a.example'}}]",
    "contexts:",
    ...names.map(([name]) => `- {name: ${name}, context: {cluster: c, user: ${name}}}`),
    "users:",
    ...names.map(([name, user]) => `- {name: ${name}, user: ${user}}`),
  ].join("\n");
}

const TOKEN = (token: string): string => `{token: t${token}}`;

test("each context of a kubeconfig is a cluster, connected anew when it changes", async () => {
  const env = virtualEnv();
  const files = someFiles({ "/k": aKubeconfig({ a: TOKEN("1"), b: TOKEN("1") }) });
  const { told, names, print, stop } = listen(env, kubeconfigClusters({ path: "/k", files }));
  await env.advance(60_000);
  expect(names()).toEqual(["a", "b"]);
  expect(told).toHaveLength(1); // nothing has changed
  const before = [print("a"), print("b")];
  files.all.set("/k", aKubeconfig({ a: TOKEN("2"), b: TOKEN("1"), c: TOKEN("1") }));
  await env.advance(10_000);
  expect(names()).toEqual(["a", "b", "c"]);
  expect(print("a")).not.toBe(before[0]);
  expect(print("b")).toBe(before[1]);
  files.all.set("/k", "contexts: [");
  await env.advance(60_000);
  expect(names()).toEqual(["a", "b", "c"]); // nonsense says nothing of clusters
  expect(env.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  files.all.delete("/k");
  await env.advance(10_000);
  expect(names()).toEqual([]);
  await stop();
});

test("each file of a folder is a cluster; certificates in other files count as well", async () => {
  const env = virtualEnv();
  const user = "{client-certificate: /pki/crt, client-key: /pki/key}";
  const files = someFiles({
    "/f/one.yaml": aKubeconfig({ x: user }),
    "/f/two.kubeconfig": aKubeconfig({ x: TOKEN("1") }),
    "/f/.hidden": "",
    "/f/broken.yaml": "- 1",
    "/pki/crt": "CERT",
    "/pki/key": "KEY",
  });
  const { names, print, stop } = listen(env, kubeconfigClusters({ folder: "/f", files }));
  await env.settle();
  expect(names()).toEqual(["one", "two"]);
  const before = print("one");
  files.all.set("/pki/crt", "ANOTHER");
  await env.advance(10_000);
  expect(print("one")).not.toBe(before);
  files.all.delete("/f/two.kubeconfig");
  await env.advance(10_000);
  expect(names()).toEqual(["one"]);
  await stop();
});

function aSecret(name: string, kubeconfig: string): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "fleet", labels: { fleet: "sites", tier: name } },
    data: { kubeconfig: Buffer.from(kubeconfig).toString("base64") },
  };
}

test("Secrets of the hub are clusters, by their labels; new content connects anew", async () => {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  hub.seed(Secret, aSecret("a", aKubeconfig({ x: TOKEN("1") })));
  hub.seed(Secret, { ...aSecret("other", ""), metadata: { name: "other", namespace: "fleet" } });
  hub.seed(Secret, aSecret("broken", "hello"));
  const provider = secretClusters({ namespace: "fleet", labels: "fleet=sites" });
  const { told, names, print, stop } = listen(env, provider, hub.client);
  await env.advance(1_000);
  expect(names()).toEqual(["a"]);
  expect(told.at(-1)?.[0]?.labels).toEqual({ fleet: "sites", tier: "a" });
  const before = print("a");
  hub.seed(Secret, aSecret("a", aKubeconfig({ x: TOKEN("2") })));
  hub.seed(Secret, aSecret("b", aKubeconfig({ x: TOKEN("1") })));
  await env.advance(1_000);
  expect(names()).toEqual(["a", "b"]);
  expect(print("a")).not.toBe(before);
  hub.seed(Secret, aSecret("b", "hello")); // what it said before holds
  await env.advance(1_000);
  expect(names()).toEqual(["a", "b"]);
  hub.vanish(Secret, { namespace: "fleet", name: "b" });
  await env.advance(1_000);
  expect(names()).toEqual(["a"]);
  await stop();
});

test("Secrets that others lay out otherwise, such as those of Cluster API", async () => {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  const label = "cluster.x-k8s.io/cluster-name";
  for (const name of ["north", "south"]) {
    const { data, ...secret } = aSecret(`${name}-kubeconfig`, aKubeconfig({ x: TOKEN("1") }));
    const metadata = { ...secret.metadata, labels: { [label]: name } };
    hub.seed(Secret, { ...secret, metadata, data: { value: data?.["kubeconfig"] ?? "" } });
  }
  const nameOf = ({ metadata }: Secret): string => metadata.labels?.[label] ?? "";
  const provider = secretClusters({ namespace: "fleet", labels: label, key: "value", nameOf });
  const { names, stop } = listen(env, provider, hub.client);
  await env.advance(1_000);
  expect(names()).toEqual(["north", "south"]);
  await stop();
});

test.each([
  ["a program", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh}}"],
  ["a key of this machine", "{client-certificate: /etc/crt, client-key: /etc/key}"],
])("a Secret's kubeconfig that names %s is refused", async (_, user) => {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  hub.seed(Secret, aSecret("a", aKubeconfig({ x: user })));
  const { names, stop } = listen(env, secretClusters({ namespace: "fleet" }), hub.client);
  await env.advance(1_000);
  expect(names()).toEqual([]);
  expect(env.lines.find(({ level }) => level === "warn")?.fields["object"]).toBe("fleet/a");
  await stop();
});

test("a Secret's kubeconfig gets no token that a file of this machine holds", async () => {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  const user = "{tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token}";
  hub.seed(Secret, aSecret("a", aKubeconfig({ x: user })));
  const { told, stop } = listen(env, secretClusters({ namespace: "fleet" }), hub.client);
  await env.advance(1_000);
  const connection = await told.at(-1)?.[0]?.connect({ env, metrics: createMetrics() });
  const call = connection?.client.list(Secret, {}, aContext(env)); // tokens are read when needed
  await expect(call).rejects.toThrow("there is no such file");
  await connection?.close?.();
  await stop();
});

function aNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Namespace {
  const metadata = { name, labels };
  return { apiVersion: "v1", kind: "Namespace", metadata, spec: {}, status: {} };
}

test("each namespace is a cluster, which sees and changes nothing of the others", async () => {
  const env = virtualEnv();
  const hub = fakeCluster(env);
  const context = aContext(env);
  for (const name of ["red", "blue"]) {
    hub.seed(Namespace, aNamespace(name, { tenant: name }));
    hub.seed(Widget, aWidget("w", { metadata: { name: "w", namespace: name } }));
  }
  hub.seed(Namespace, aNamespace("system"));
  const provider = namespaceClusters({ labels: "tenant" });
  const { told, names, stop } = listen(env, provider, hub.client);
  await env.advance(1_000);
  expect(names()).toEqual(["blue", "red"]);
  const red = told.at(-1)?.find(({ name }) => name === "red");
  const { client } = (await red?.connect({ env, metrics: createMetrics() })) ?? {};
  const seen = await client?.list(Widget, {}, context);
  expect(seen?.items.map(({ metadata }) => metadata.namespace)).toEqual(["red"]);
  const other = client?.get(Widget, { namespace: "blue", name: "w" }, context);
  await expect(other).rejects.toThrow(OtherNamespaceError);
  await stop();
});

test("a kubeconfig of an absurd length is refused", async () => {
  const env = virtualEnv();
  const long = `# ${"x".repeat(KUBECONFIG_BYTES_MAX)}`;
  const files = someFiles({ "/f/long": long, "/f/good": aKubeconfig({ x: TOKEN("1") }) });
  const { names, stop } = listen(env, kubeconfigClusters({ folder: "/f", files }));
  await env.settle();
  expect(names()).toEqual(["good"]);
  await stop();
});

test("one folder tells of so many clusters, and no more", async () => {
  const env = virtualEnv();
  const text = aKubeconfig({ x: TOKEN("1") });
  const paths = Array.from({ length: 30 }, (_, index) => [`/f/c${index}`, text] as const);
  const files = someFiles(Object.fromEntries(paths));
  const options = { folder: "/f", files, clustersMax: 20 };
  const { told, stop } = listen(env, kubeconfigClusters(options));
  await env.settle();
  expect(told.at(-1)).toHaveLength(20);
  await stop();
});

test("several providers at once, each with names of its own", async () => {
  const env = virtualEnv();
  const { client } = fakeCluster(env);
  const files = someFiles({ "/k": aKubeconfig({ a: TOKEN("1") }) });
  const provider = severalProviders({
    cloud: kubeconfigClusters({ path: "/k", files }),
    "": fixedClusters([{ name: "a", client }]),
  });
  const { told, names, stop } = listen(env, provider);
  await env.settle();
  expect(told).toHaveLength(1); // not before all have told
  expect(names()?.toSorted()).toEqual(["a", "cloud/a"]);
  await stop();
});

test("a provider that looks on the hub needs one", () => {
  const provider = namespaceClusters();
  expect(() => createFleetManager({ provider })).toThrow("give `hub: {}`");
});
