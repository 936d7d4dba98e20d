import { describe, expect, test } from "vitest";
import type { Container } from "../../apis/core/v1/types.generated.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { fakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { aContainer, aPod, POD_UID } from "../testing/views.ts";
import { CONFIG_AGE_MS_MAX, configSource } from "./config-source.ts";
import { resolveEnv } from "./container-env.ts";
import { expandReferences } from "./expansion.ts";

const env = virtualEnv();
const cluster = fakeCluster(env);
const config = configSource(cluster.client, env.clock);
const context = aContext(env);

cluster.seed(ConfigMap, {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "default" },
  data: { color: "blue", "a.b": "dotted", ["__proto__"]: "own" },
});
cluster.seed(Secret, {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "keys", namespace: "default" },
  data: { token: btoa("s3cret") },
});

const pod = aPod({
  metadata: { labels: { app: "web", ["__proto__"]: "label" }, annotations: { note: 'a "b"' } },
  spec: { serviceAccountName: "robot" },
});
const deps = {
  config,
  addresses: { podIp: "127.64.0.9", hostIp: "127.0.0.1" },
  allocatable: { cpu: "4", memory: "1Gi" },
};

async function resolve(spec: Partial<Container>): Promise<Readonly<Record<string, string>>> {
  const entries = await resolveEnv(
    pod,
    aContainer(spec),
    [{ name: "POD_IP", value: "127.64.0.9" }],
    deps,
    context,
  );
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

async function valueOf(valueFrom: object): Promise<string | undefined> {
  return (await resolve({ env: [{ name: "X", valueFrom }] }))["X"];
}

describe("the environment of a container", () => {
  test("is envFrom, then env, the later winning", async () => {
    const values = await resolve({
      envFrom: [
        { configMapRef: { name: "settings" } },
        { secretRef: { name: "keys" }, prefix: "K_" },
      ],
      env: [{ name: "color", value: "red" }],
    });
    expect(values).toMatchObject({ color: "red", "a.b": "dotted", K_token: "s3cret" });
    expect(Object.hasOwn(values, "__proto__")).toBe(true);
  });

  test("expands references to what was defined before", async () => {
    const values = await resolve({
      env: [
        { name: "A", value: "$(B)" },
        { name: "B", value: "b-$(POD_IP)" },
        { name: "C", value: "$(B) $$(B) $(none) $(" },
      ],
    });
    expect(values).toMatchObject({
      A: "$(B)",
      B: "b-127.64.0.9",
      C: "b-127.64.0.9 $(B) $(none) $(",
    });
  });

  const fields = [
    ["metadata.name", "web"],
    ["metadata.namespace", "default"],
    ["metadata.uid", POD_UID],
    ["metadata.labels['app']", "web"],
    ["metadata.labels['__proto__']", "label"],
    ["metadata.labels['constructor']", ""],
    ["metadata.annotations", 'note="a \\"b\\""'],
    ["spec.nodeName", "node-1"],
    ["spec.serviceAccountName", "robot"],
    ["status.podIP", "127.64.0.9"],
    ["status.hostIP", "127.0.0.1"],
  ] as const;
  test.each(fields)("knows the field %s", async (fieldPath, value) => {
    expect(await valueOf({ fieldRef: { fieldPath } })).toBe(value);
  });

  const resources = [
    [{ resource: "limits.cpu" }, "1"],
    [{ resource: "limits.cpu", divisor: "1m" }, "500"],
    [{ resource: "requests.memory", divisor: "1Mi" }, "64"],
    [{ resource: "limits.memory" }, "1073741824"],
    [{ resource: "requests.cpu" }, "0"],
  ] as const;
  test.each(resources)("knows the resource %j", async (resourceFieldRef, value) => {
    const resourcesOf = { limits: { cpu: "500m" }, requests: { memory: "64Mi" } };
    const variable = { name: "X", valueFrom: { resourceFieldRef } };
    const values = await resolve({ resources: resourcesOf, env: [variable] });
    expect(values["X"]).toBe(value);
  });

  const missing = [
    [{ configMapKeyRef: { name: "none", key: "a" } }, 'configmap "none" not found'],
    [
      { configMapKeyRef: { name: "settings", key: "none" } },
      "couldn't find key none in ConfigMap default/settings",
    ],
    [{ secretKeyRef: { name: "none", key: "a" } }, 'secret "none" not found'],
    [
      { secretKeyRef: { name: "keys", key: "none" } },
      "couldn't find key none in Secret default/keys",
    ],
    [{ fieldRef: { fieldPath: "spec.containers" } }, 'field path "spec.containers"'],
    [{ resourceFieldRef: { resource: "cpu" } }, 'resource "cpu"'],
  ] as const;
  test.each(missing)("says what is missing of %j", async (valueFrom, message) => {
    await expect(valueOf(valueFrom)).rejects.toThrow(message);
  });

  test("leaves out what is missing and optional", async () => {
    const optional = true;
    expect(await valueOf({ configMapKeyRef: { name: "none", key: "a", optional } })).toBe(
      undefined,
    );
    const envFrom = [{ secretRef: { name: "none", optional } }];
    expect(await resolve({ envFrom })).toEqual({ POD_IP: "127.64.0.9" });
    await expect(resolve({ envFrom: [{ configMapRef: { name: "none" } }] })).rejects.toThrow(
      'configmap "none" not found',
    );
  });
});

test("expansion is linear in the length of the text", () => {
  const text = "$(".repeat(100_000);
  expect(expandReferences(text, () => undefined)).toBe(text);
});

test("an object is read once in a while, however many ask", async () => {
  const before = cluster.requests.length;
  const source = configSource(cluster.client, env.clock);
  const key = { namespace: "default", name: "settings" };
  await Promise.all([source.configMap(key, context), source.configMap(key, context)]);
  await source.configMap(key, context);
  expect(cluster.requests.length - before).toBe(1);
  await env.advance(CONFIG_AGE_MS_MAX);
  await source.configMap(key, context);
  expect(cluster.requests.length - before).toBe(2);
});
