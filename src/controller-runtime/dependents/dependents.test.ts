/** Dependents on a whole control plane, in virtual time. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Deployment, Job, Namespace, Pod, Secret } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { dependent, type Dependent } from "./dependent.ts";
import { DependentsError } from "./graph.ts";
import { DEPENDENT_LABEL } from "./ownership.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({
    pages: z.array(z.string()).default([]),
    hasCache: z.boolean().default(true),
    text: z.string().default("hello"),
  }),
  status: z.object({ seen: z.string().optional() }),
});
type Site = ObjectOf<typeof Site>;

const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";
const HELD = "example.dev/test";

const web = (replicas: number) => {
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  return { replicas, selector: { matchLabels: labels }, template };
};

async function ready(world: TestWorld): Promise<string> {
  const site = await world.get(Site, "home");
  const condition = findCondition(site?.status?.conditions, "Ready");
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

/** There are no nodes in a test: it says itself that the pods run. */
async function startPods(world: TestWorld): Promise<void> {
  for (const pod of await world.list(Pod)) {
    const { name = "", namespace = "" } = pod.metadata;
    const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    await world.change(Pod, { namespace, name }, { status }, { subresource: "status" });
  }
}

const site = (...dependents: readonly Dependent<Site>[]) => controller(Site, { dependents });

const config = (name: string, dependsOn: readonly string[] = []) =>
  dependent(ConfigMap, {
    name,
    dependsOn,
    desired: ({ spec }: Site) => ({ metadata: { name }, data: { text: spec.text } }),
  });

describe("in order", () => {
  const chain = site(
    dependent(Deployment, { desired: () => ({ metadata: { name: "web" }, spec: web(1) }) }),
    config("after", ["Deployment"]),
    config("beside"),
  );

  test("each is made when those before it are ready, and Ready names what is awaited", async () => {
    await using world = await createTestWorld({ controllers: [chain], manifests: HOME });
    await world.eventually(() => world.get(Deployment, "web"));
    await world.quiet();
    expect((await world.get(ConfigMap, "beside"))?.data).toEqual({ text: "hello" });
    expect(await world.get(ConfigMap, "after")).toBeUndefined();
    expect(await ready(world)).toBe(
      "False Waiting: Deployment: Deployment web 0 of 1 replicas are available; behind it: after",
    );
    await startPods(world);
    await world.eventually(() => world.get(ConfigMap, "after"));
    await world.quiet();
    expect(await ready(world)).toBe("True AllReady: 3 of 3 are ready");
    const made = await world.get(ConfigMap, "after");
    expect(made?.metadata.labels).toEqual({ [DEPENDENT_LABEL]: "sites.after" });
    expect(made?.metadata.ownerReferences).toMatchObject([{ name: "home", controller: true }]);
  });

  test("at rest nothing is written, and what is deleted or changed by hand is mended", async () => {
    await using world = await createTestWorld({ controllers: [chain], manifests: HOME });
    await world.eventually(() => world.get(Deployment, "web"));
    await startPods(world);
    await world.eventually(() => world.get(ConfigMap, "after"));
    await world.advance("10m");
    const written = async () => [
      await world.get(Site, "home"),
      await world.get(Deployment, "web"),
      await world.get(ConfigMap, "after"),
    ];
    const before = await written();
    await world.advance("1h");
    expect(await written()).toEqual(before);
    await world.delete(ConfigMap, "after");
    await world.eventually(() => world.get(ConfigMap, "after"));
    await world.change(ConfigMap, "after", { data: { text: "mine" } });
    await world.eventually(
      async () => (await world.get(ConfigMap, "after"))?.data?.["text"] === "hello",
    );
  });

  test("a job that has to be complete first is waited for", async () => {
    const containers = [{ name: "c", image: "i" }];
    const template = { spec: { containers, restartPolicy: "Never" } };
    const migrated = site(
      dependent(Job, { desired: () => ({ metadata: { name: "migrate" }, spec: { template } }) }),
      config("after", ["Job"]),
    );
    await using world = await createTestWorld({ controllers: [migrated], manifests: HOME });
    await world.eventually(() => world.get(Job, "migrate"));
    await world.quiet();
    expect(await ready(world)).toContain("Job migrate is not complete; behind it: after");
    const startTime = apiTime(world.env.clock.now());
    const ended = { status: "True", lastTransitionTime: startTime, lastProbeTime: startTime };
    const status = {
      startTime,
      completionTime: startTime,
      succeeded: 1,
      conditions: ["SuccessCriteriaMet", "Complete"].map((type) => ({ type, ...ended })),
    };
    await world.change(Job, "migrate", { status }, { subresource: "status" });
    await world.eventually(() => world.get(ConfigMap, "after"));
  });

  test("a failure is told by name, others go on, and it is tried again", async () => {
    let isBroken = true;
    const broken = site(
      dependent(Secret, {
        name: "password",
        desired: () => {
          if (isBroken) throw new Error("no chance today");
          return { metadata: { name: "password" } };
        },
      }),
      config("after", ["password"]),
      config("beside"),
    );
    await using world = await createTestWorld({ controllers: [broken], manifests: HOME });
    await world.eventually(() => world.get(ConfigMap, "beside"));
    await world.quiet();
    expect(await ready(world)).toBe("False Failed: password: no chance today; behind it: after");
    expect(await world.get(ConfigMap, "after")).toBeUndefined();
    isBroken = false;
    await world.eventually(() => world.get(ConfigMap, "after"));
  });
});

describe("conditions", () => {
  const cached = site(
    dependent(Secret, {
      name: "cache",
      when: ({ spec }) => spec.hasCache,
      desired: () => ({ metadata: { name: "cache" } }),
    }),
    config("front", ["cache"]),
    config("top", ["front"]),
    config("beside"),
  );

  test("what is not wanted any more goes, after all that depends on it", async () => {
    await using world = await createTestWorld({ controllers: [cached], manifests: HOME });
    await world.eventually(() => world.get(ConfigMap, "top"));
    await world.change(ConfigMap, "top", { metadata: { finalizers: [HELD] } });
    await world.change(Site, "home", { spec: { hasCache: false } });
    await world.advance("1m");
    expect((await world.get(ConfigMap, "top"))?.metadata.deletionTimestamp).toBeDefined();
    expect((await world.get(ConfigMap, "front"))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await ready(world)).toBe(
      "False Removing: top: ConfigMap top is being deleted; behind it: cache, front",
    );

    await world.change(ConfigMap, "top", { metadata: { finalizers: null } });
    await world.eventually(async () => (await world.get(Secret, "cache")) === undefined);
    expect(await world.get(ConfigMap, "front")).toBeUndefined();
    await world.quiet();
    expect(await ready(world)).toBe("True AllReady: 1 of 1 are ready");

    await world.change(Site, "home", { spec: { hasCache: true } });
    await world.eventually(() => world.get(ConfigMap, "top"));
  });

  test("what is wanted again while it goes is made anew when it is gone", async () => {
    await using world = await createTestWorld({ controllers: [cached], manifests: HOME });
    await world.eventually(() => world.get(ConfigMap, "top"));
    const { uid } = (await world.get(Secret, "cache"))?.metadata ?? {};
    await world.change(Secret, "cache", { metadata: { finalizers: [HELD] } });
    await world.change(Site, "home", { spec: { hasCache: false } });
    await world.eventually(async () => (await world.get(ConfigMap, "front")) === undefined);
    await world.change(Site, "home", { spec: { hasCache: true } });
    await world.quiet();
    expect(await ready(world)).toContain("Secret cache is being deleted, and is made anew");
    await world.change(Secret, "cache", { metadata: { finalizers: null } });
    await world.eventually(() => world.get(ConfigMap, "top"));
    expect((await world.get(Secret, "cache"))?.metadata.uid).not.toBe(uid);
  });
});

test("a condition that cannot be judged fails by name, and removes nothing", async () => {
  let isBroken = false;
  const judged = site(
    dependent(Secret, {
      name: "cache",
      when: () => {
        if (isBroken) throw new Error("who knows");
        return true;
      },
      desired: () => ({ metadata: { name: "cache" } }),
    }),
    config("after", ["cache"]),
    config("beside"),
  );
  await using world = await createTestWorld({ controllers: [judged], manifests: HOME });
  await world.eventually(() => world.get(ConfigMap, "after"));
  isBroken = true;
  await world.change(Site, "home", { spec: { text: "bye" } });
  await world.advance("1m");
  expect(await ready(world)).toBe("False Failed: cache: who knows; behind it: after");
  expect((await world.get(ConfigMap, "after"))?.data).toEqual({ text: "hello" });
  expect((await world.get(ConfigMap, "beside"))?.data).toEqual({ text: "bye" });
});

describe("many of a kind", () => {
  const pages = site(
    dependent(ConfigMap, {
      name: "pages",
      desired: ({ spec }) => spec.pages.map((name) => ({ metadata: { name }, data: {} })),
    }),
    config("index", ["pages"]),
  );

  test("those no longer in the list are deleted, and nothing else", async () => {
    await using world = await createTestWorld({ controllers: [pages], manifests: HOME });
    await world.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}");
    const names = async (): Promise<string> =>
      (await world.list(ConfigMap, { namespace: "default" }))
        .map(({ metadata }) => metadata.name)
        .filter((name) => name !== "kube-root-ca.crt")
        .join();
    await world.change(Site, "home", { spec: { pages: ["a", "b", "c"] } });
    await world.eventually(async () => (await names()) === "a,b,c,index,other");
    await world.change(Site, "home", { spec: { pages: ["b", "d"] } });
    await world.eventually(async () => (await names()) === "b,d,index,other");
    await world.change(Site, "home", { spec: { pages: [] } });
    await world.eventually(async () => (await names()) === "index,other");
    await world.quiet();
    expect(await ready(world)).toBe("True AllReady: 2 of 2 are ready");
  });

  test("one that is desired twice, or managed by another, is refused", async () => {
    await using world = await createTestWorld({ controllers: [pages], manifests: HOME });
    const many = Array.from({ length: 1_001 }, (_, at) => `p${at}`);
    await world.change(Site, "home", { spec: { pages: many } });
    await world.quiet();
    expect(await ready(world)).toContain("1001 objects of kind ConfigMap are more than the 1000");
    await world.change(Site, "home", { spec: { pages: ["a", "a"] } });
    await world.quiet();
    expect(await ready(world)).toContain("Failed: pages: ConfigMap a is desired twice");
    const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "x", controller: true };
    const metadata = { name: "z", namespace: "default", ownerReferences: [owner] };
    const strange = { apiVersion: "v1", kind: "ConfigMap", metadata } as const;
    await world.client.create(ConfigMap, strange, world.context);
    await world.change(Site, "home", { spec: { pages: ["z"] } });
    await world.quiet();
    expect(await ready(world)).toContain("ConfigMap z is managed by Node n: choose another");
  });
});

describe("tied by a label", () => {
  const spread = site(
    dependent(Namespace, {
      ownership: "label",
      desired: ({ metadata: { name } }) => ({ metadata: { name: `of-${name}` } }),
    }),
    dependent(ConfigMap, {
      ownership: "label",
      dependsOn: ["Namespace"],
      desired: ({ metadata: { name }, spec: { pages } }) =>
        pages.map((page) => ({ metadata: { name: page, namespace: `of-${name}` } })),
    }),
  );
  const at = (name: string) => ({ namespace: "of-home", name });

  test("objects are anywhere, come back when deleted, and are gone before the owner", async () => {
    await using world = await createTestWorld({ controllers: [spread], manifests: HOME });
    await world.change(Site, "home", { spec: { pages: ["a", "b"] } });
    const made = await world.eventually(() => world.get(ConfigMap, at("a")));
    expect(made?.metadata.ownerReferences).toBeUndefined();
    await world.delete(ConfigMap, at("a"));
    await world.eventually(() => world.get(ConfigMap, at("a")), undefined, { within: "1s" });
    await world.change(Site, "home", { spec: { pages: ["b"] } });
    await world.eventually(async () => (await world.get(ConfigMap, at("a"))) === undefined);
    await world.quiet();
    expect(await ready(world)).toBe("True AllReady: 2 of 2 are ready");
    await world.delete(Site, "home");
    await world.eventually(async () => (await world.get(Site, "home")) === undefined);
    expect(await world.get(Namespace, "of-home")).toBeUndefined();
  });

  test("one that is kept for another is refused by its name", async () => {
    await using world = await createTestWorld({ controllers: [spread], manifests: HOME });
    await world.eventually(() => world.get(Namespace, "of-home"));
    const annotations = { "setpoint.dev/owner": "default/other" };
    await world.change(Namespace, "of-home", { metadata: { annotations } });
    await world.quiet();
    expect(await ready(world)).toContain("Namespace of-home is kept for default/other: choose");
  });

  test("what nobody would collect is not left to a collector", () => {
    const options = {
      desired: () => undefined,
      ownership: "label",
      deletion: "collected",
    } as const;
    expect(() => dependent(ConfigMap, options)).toThrow("what is tied by a label is not collected");
  });
});

describe("at the end of the owner", () => {
  test("what asks for it goes backwards, the rest with the garbage collector", async () => {
    const ordered = site(
      config("first"),
      dependent(ConfigMap, {
        name: "second",
        dependsOn: ["first"],
        deletion: "in-order",
        desired: () => ({ metadata: { name: "second" } }),
      }),
      config("third", ["second"]),
    );
    await using world = await createTestWorld({ controllers: [ordered], manifests: HOME });
    await world.eventually(() => world.get(ConfigMap, "third"));
    expect((await world.get(Site, "home"))?.metadata.finalizers).toEqual(["example.dev/sites"]);
    await world.change(ConfigMap, "third", { metadata: { finalizers: [HELD] } });
    await world.delete(Site, "home");
    await world.advance("1m");
    expect((await world.get(ConfigMap, "third"))?.metadata.deletionTimestamp).toBeDefined();
    expect((await world.get(ConfigMap, "second"))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await ready(world)).toBe(
      "False Removing: third: ConfigMap third is being deleted; behind it: second",
    );
    await world.change(ConfigMap, "third", { metadata: { finalizers: null } });
    await world.eventually(async () => (await world.get(Site, "home")) === undefined);
    expect(await world.get(ConfigMap, "second")).toBeUndefined();
    await world.eventually(async () => (await world.get(ConfigMap, "first")) === undefined);
  });

  test("a namesake waits for what the former one has left to be collected", async () => {
    await using world = await createTestWorld({
      controllers: [site(config("a"))],
      manifests: HOME,
    });
    await world.eventually(() => world.get(ConfigMap, "a"));
    await world.change(ConfigMap, "a", { metadata: { finalizers: [HELD] } });
    await world.delete(Site, "home");
    await world.apply(HOME);
    await world.quiet();
    expect(await ready(world)).toContain("ConfigMap a");
    await world.change(ConfigMap, "a", { metadata: { finalizers: null } });
    const owner = (await world.get(Site, "home"))?.metadata.uid;
    const made = await world.eventually(
      () => world.get(ConfigMap, "a"),
      (map) => map?.metadata.ownerReferences?.[0]?.uid === owner,
    );
    expect(made).toBeDefined();
  });
});

describe("with a reconcile", () => {
  test("it runs before or after them, and finds what they made", async () => {
    const first = config("first");
    const shows = controller(Site, {
      dependents: [first],
      dependentsCondition: "PartsReady",
      reconcile: async (_, ctx) => {
        const before = ctx.dependents.found(first)?.length ?? 0;
        const { isReady } = await ctx.dependents.run();
        const after = ctx.dependents.found(first)?.[0]?.metadata.name ?? "";
        ctx.status.set({ seen: `${before} ${isReady} ${after}` });
        ctx.status.condition("Ready", isReady, "Because");
        return ctx.done();
      },
    });
    await using world = await createTestWorld({ controllers: [shows], manifests: HOME });
    const seen = await world.eventually(
      () => world.get(Site, "home"),
      (one) => one?.status?.seen !== undefined,
    );
    expect(seen?.status?.seen).toMatch(/[01] true first/);
    const types = seen?.status?.conditions?.map(({ type, status }) => `${type} ${status}`);
    expect(types).toEqual(["PartsReady True", "Ready True"]);
  });

  test("what it says of Ready itself stands", async () => {
    const own = controller(Site, {
      dependents: [config("a")],
      reconcile: (_, ctx) => {
        ctx.status.condition("Ready", false, "NotToday", "I say so");
        return Promise.resolve(ctx.done());
      },
    });
    await using world = await createTestWorld({ controllers: [own], manifests: HOME });
    await world.eventually(() => world.get(ConfigMap, "a"));
    await world.quiet();
    expect(await ready(world)).toBe("False NotToday: I say so");
  });
});

test("what cannot be ordered is refused when the controller is declared", () => {
  expect(() => site(config("a", ["b"]), config("b", ["a"]))).toThrow(DependentsError);
  expect(() => controller(Site, {})).toThrow("it has neither `reconcile` nor `dependents`");
});
