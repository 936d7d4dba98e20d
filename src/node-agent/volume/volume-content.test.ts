import { describe, expect, test } from "vitest";
import type { Volume } from "../../apis/core/v1/types.generated.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { fakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { configSource } from "../pod/config-source.ts";
import { aContainer, aPod } from "../testing/views.ts";
import { volumeContents } from "./volume-content.ts";

const env = virtualEnv();
const cluster = fakeCluster(env);
const metadata = { name: "x", namespace: "default" };
cluster.seed(ConfigMap, {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  data: { a: "1", b: "2" },
  binaryData: { c: btoa("\u0000\u00ff") },
});
cluster.seed(Secret, { apiVersion: "v1", kind: "Secret", metadata, data: { key: btoa("s") } });

const deps = {
  config: configSource(cluster.client, env.clock),
  addresses: { podIp: "", hostIp: "" },
  allocatable: {},
};

async function contentOf(volume: Omit<Volume, "name">) {
  const limits = { memory: "64Mi" };
  const pod = aPod({
    metadata: { labels: { app: "web" } },
    spec: {
      volumes: [{ name: "v", ...volume }],
      containers: [aContainer({ resources: { limits } })],
    },
  });
  const [content] = await volumeContents(pod, deps, aContext(env));
  return content;
}

async function filesOf(volume: Omit<Volume, "name">): Promise<readonly string[]> {
  const content = await contentOf(volume);
  const files = content?.kind === "files" ? content.files : [];
  return files.map(
    (file) =>
      `${file.path} ${file.mode.toString(8)} ${Buffer.from(file.content).toString("latin1")}`,
  );
}

describe("the content of a volume", () => {
  test("of a ConfigMap is all its keys, or the chosen ones", async () => {
    expect(await filesOf({ configMap: { name: "x", defaultMode: 0o600 } })).toEqual([
      "a 600 1",
      "b 600 2",
      "c 600 \u0000\u00ff",
    ]);
    const items = [{ key: "b", path: "dir/bee", mode: 0o444 }];
    expect(await filesOf({ configMap: { name: "x", items } })).toEqual(["dir/bee 444 2"]);
  });

  test("of a Secret is decoded", async () => {
    expect(await filesOf({ secret: { secretName: "x" } })).toEqual(["key 644 s"]);
  });

  test("of the downward API is fields and resources of the pod", async () => {
    const items = [
      { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
      { path: "memory", resourceFieldRef: { containerName: "app", resource: "limits.memory" } },
    ];
    expect(await filesOf({ downwardAPI: { items } })).toEqual([
      'labels 644 app="web"',
      "memory 644 67108864",
    ]);
  });

  test("of several sources is put together", async () => {
    const sources = [
      { secret: { name: "x" } },
      { configMap: { name: "x", items: [{ key: "a", path: "conf/a" }] } },
    ];
    expect(await filesOf({ projected: { sources } })).toEqual(["key 644 s", "conf/a 644 1"]);
  });

  test("of an emptyDir and of a host path is a place", async () => {
    expect(await contentOf({ emptyDir: {} })).toEqual({ kind: "empty", name: "v" });
    expect(await contentOf({ hostPath: { path: "/srv", type: "Directory" } })).toEqual({
      kind: "host",
      name: "v",
      path: "/srv",
      type: "Directory",
    });
  });

  test("that is missing and optional is empty", async () => {
    expect(await filesOf({ configMap: { name: "none", optional: true } })).toEqual([]);
    const items = [{ key: "none", path: "p" }];
    expect(await filesOf({ secret: { secretName: "x", items, optional: true } })).toEqual([]);
  });

  const problems = [
    [{ configMap: { name: "none" } }, 'volume "v": configmap "none" not found'],
    [{ secret: { secretName: "none" } }, 'volume "v": secret "none" not found'],
    [
      { configMap: { name: "x", items: [{ key: "none", path: "p" }] } },
      "references non-existent config key: none",
    ],
    [{ configMap: { name: "x", items: [{ key: "a", path: "../up" }] } }, "not a relative path"],
    [{ configMap: { name: "x", items: [{ key: "a", path: "..data" }] } }, "not a relative path"],
    [{ csi: { driver: "d" } }, "csi volumes are not supported by this node"],
    [
      { projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
      "failed to fetch token: ",
    ],
  ] as const;
  test.each(problems)("is refused in words: %j", async (volume, message) => {
    await expect(contentOf(volume)).rejects.toThrow(message);
  });
});
