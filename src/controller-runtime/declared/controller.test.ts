import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import { index } from "../../informer/typed-index.ts";
import { findCondition, isConditionTrue } from "../../machinery/conditions.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { TerminalError } from "../controller/outcome.ts";
import type { Trigger } from "../sources/source.ts";
import { controller, watches } from "./controller.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello"), secret: z.string().optional() }),
  status: z.object({ shown: z.string().optional(), runs: z.int().optional() }),
});
type Site = ObjectOf<typeof Site>;
const AT = { namespace: "default", name: "a" };

let plane: ControlPlane;

beforeEach(async () => {
  plane = await createControlPlane();
  await installDefinitions([Site], plane.client, plane.context);
});
afterEach(() => plane.close());

/** Resolves with the first state of the object that is as wanted. */
async function seen<T extends ApiObject>(
  type: ResourceType<T>,
  key: { readonly namespace: string; readonly name: string },
  isWanted: (object: T) => boolean = () => true,
): Promise<T> {
  const options = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` };
  for await (const batch of await plane.client.watch(type, options, plane.context)) {
    for (const event of batch) {
      if (event.kind !== "ADDED" && event.kind !== "MODIFIED") continue;
      if (isWanted(event.object.value)) return event.object.value;
    }
  }
  throw new Error("the watch ended");
}

/** Resolves when there is no such object. */
async function gone(type: ResourceType, name: string): Promise<void> {
  const options = { namespace: "default", fieldSelector: `metadata.name=${name}` };
  const { items, metadata } = await plane.client.list(type, options, plane.context);
  if (items.length === 0) return;
  const { resourceVersion = "" } = metadata;
  const watch = await plane.client.watch(type, { ...options, resourceVersion }, plane.context);
  for await (const batch of watch) {
    if (batch.some((event) => event.kind === "DELETED")) return;
  }
}

const createSite = (spec: { readonly text?: string; readonly secret?: string } = {}) =>
  plane.client.create(Site, Site.create({ metadata: AT, spec }), plane.context);

async function changeSite(patch: object): Promise<void> {
  await plane.client.patch(Site, AT, { kind: "merge", patch }, plane.context);
}

describe("apply", () => {
  const shows = controller(Site, {
    owns: [ConfigMap],
    reconcile: async (site, ctx) => {
      await ctx.apply(ConfigMap, { metadata: { name: "a" }, data: { text: site.spec.text } });
      return ctx.done();
    },
  });

  test("what is owned is made, follows the spec, and comes back when it is deleted", async () => {
    plane.manage(shows);
    const site = await createSite();
    const made = await seen(ConfigMap, AT);
    expect(made.data).toEqual({ text: "hello" });
    expect(made.metadata.ownerReferences).toMatchObject([
      { kind: "Site", name: "a", uid: site.metadata.uid, controller: true },
    ]);
    expect(made.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["sites"]);

    await changeSite({ spec: { text: "bye" } });
    await seen(ConfigMap, AT, ({ data }) => data?.["text"] === "bye");

    await plane.client.delete(ConfigMap, AT, plane.context);
    await seen(ConfigMap, AT, ({ metadata }) => metadata.uid !== made.metadata.uid);
  });

  test("fields of others stay, its own come back", async () => {
    plane.manage(shows);
    await createSite();
    await seen(ConfigMap, AT);
    const patch = { data: { text: "mine!", more: "theirs" } };
    await plane.client.patch(ConfigMap, AT, { kind: "merge", patch }, plane.context);
    const mended = await seen(ConfigMap, AT, ({ data }) => data?.["text"] === "hello");
    expect(mended.data).toEqual({ text: "hello", more: "theirs" });
  });

  test("nothing is sent when nothing would change", async () => {
    const sent: string[] = [];
    const every = controller(Site, {
      owns: [ConfigMap],
      reconcile: async (site, ctx) => {
        const before = await ctx.get(ConfigMap, "a");
        const after = await ctx.apply(ConfigMap, {
          metadata: { name: "a" },
          data: { text: site.spec.text },
        });
        sent.push(before === after ? "nothing" : "an apply");
        ctx.status.set({ runs: sent.length });
        return ctx.done();
      },
    });
    plane.manage(every);
    await createSite();
    await seen(Site, AT, ({ status }) => status?.runs !== undefined);
    await changeSite({ metadata: { labels: { wake: "1" } } });
    await seen(Site, AT, ({ status }) => status?.runs === sent.length && sent.length > 1);
    expect(sent[0]).toBe("an apply");
    expect(new Set(sent.slice(1))).toEqual(new Set(["nothing"]));
  });

  test("what cannot be owned is refused, with what to do instead", async () => {
    const failure = Promise.withResolvers<unknown>();
    plane.manage(
      controller(Site, {
        reconcile: async (_, ctx) => {
          try {
            await ctx.apply(ConfigMap, { metadata: { name: "a", namespace: "kube-system" } });
          } catch (error) {
            failure.resolve(error);
          }
          return ctx.done();
        },
      }),
    );
    await createSite();
    expect(String(await failure.promise)).toContain("{ isOwned: false }");
  });
});

describe("status", () => {
  test("it is written once, with the generation it speaks of, and does not wake", async () => {
    let runs = 0;
    plane.manage(
      controller(Site, {
        reconcile: async ({ spec }, ctx) => {
          runs += 1;
          ctx.status.set({ shown: spec.text, runs });
          ctx.status.condition("Ready", spec.text !== "bad", "Shown", `it says ${spec.text}`);
          return ctx.done();
        },
      }),
    );
    await createSite();
    const first = await seen(Site, AT, ({ status }) => status?.shown === "hello");
    expect(first.status).toMatchObject({ observedGeneration: 1, runs: 1 });
    expect(findCondition(first.status?.conditions, "Ready")).toMatchObject({
      status: "True",
      reason: "Shown",
      observedGeneration: 1,
    });

    await changeSite({ spec: { text: "bad" } });
    const second = await seen(Site, AT, ({ status }) => status?.shown === "bad");
    expect(isConditionTrue(second.status?.conditions, "Ready")).toBe(false);
    expect(second.status?.observedGeneration).toBe(2);
    expect(runs).toBe(2);
  });

  test("a failure is told too", async () => {
    plane.manage(
      controller(Site, {
        reconcile: (_, ctx) => {
          ctx.status.condition("Ready", false, "NoLuck", "it does not work");
          return Promise.reject(new TerminalError("no luck"));
        },
      }),
    );
    await createSite();
    const site = await seen(Site, AT, ({ status }) => status?.conditions !== undefined);
    expect(findCondition(site.status?.conditions, "Ready")?.reason).toBe("NoLuck");
  });
});

describe("finalize", () => {
  test("the object stays until it is done, and is not reconciled meanwhile", async () => {
    const calls: string[] = [];
    let isOutsideGone = false;
    plane.manage(
      controller(Site, {
        name: "outside",
        reconcile: (_, ctx) => {
          calls.push("reconcile");
          return Promise.resolve(ctx.done());
        },
        finalize: (_, ctx) => {
          calls.push("finalize");
          if (isOutsideGone) return Promise.resolve(ctx.done());
          const isReady = (secret: Secret): boolean => secret.type === "Opaque";
          return Promise.resolve(ctx.waitFor(Secret, "outside-is-gone", { isReady }));
        },
      }),
    );
    await createSite();
    const held = await seen(Site, AT, ({ metadata }) => metadata.finalizers !== undefined);
    expect(held.metadata.finalizers).toEqual(["example.dev/outside"]);

    await plane.client.delete(Site, AT, plane.context);
    await seen(Site, AT, ({ metadata }) => metadata.deletionTimestamp !== undefined);
    isOutsideGone = true;
    const metadata = { name: "outside-is-gone", namespace: "default" };
    const secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" } as const;
    await plane.client.create(Secret, secret, plane.context);
    await gone(Site, "a");
    expect(calls.at(-1)).toBe("finalize");
    expect(calls.slice(calls.indexOf("finalize"))).not.toContain("reconcile");
  });
});

test("a finalizer that an earlier version has left does not hold the object", async () => {
  plane.manage(controller(Site, { reconcile: (_, ctx) => Promise.resolve(ctx.done()) }));
  const metadata = { ...AT, finalizers: ["example.dev/sites"] };
  await plane.client.create(Site, Site.create({ metadata, spec: {} }), plane.context);
  await plane.client.delete(Site, AT, plane.context);
  await gone(Site, "a");
});

describe("waking", () => {
  test("what was awaited wakes at once, and the causes say so", async () => {
    const runs: (readonly Trigger[])[] = [];
    const waits = Promise.withResolvers<undefined>();
    plane.manage(
      controller(Site, {
        reconcile: async ({ spec }, ctx) => {
          runs.push(ctx.causes);
          const secret = await ctx.get(Secret, spec.secret ?? "");
          waits.resolve(undefined);
          if (secret === undefined) return ctx.waitFor(Secret, spec.secret ?? "");
          ctx.status.set({ shown: secret.metadata.name ?? "" });
          return ctx.done();
        },
      }),
    );
    await createSite({ secret: "s" });
    await waits.promise;
    const metadata = { name: "s", namespace: "default" };
    const secret = { apiVersion: "v1", kind: "Secret", metadata } as const;
    await plane.client.create(Secret, secret, plane.context);
    await seen(Site, AT, ({ status }) => status?.shown === "s");
    const texts = runs.flat().map((cause) => (cause.kind === "event" ? cause.object : cause.kind));
    // A view that first shows it names the kind only.
    expect(texts.some((text) => text.startsWith("Secret"))).toBe(true);
  });

  test("a watched kind wakes those it concerns", async () => {
    plane.manage(
      controller(Site, {
        watches: [
          watches(ConfigMap, ({ metadata: { namespace = "", labels } }) => {
            const name = labels?.["site"];
            return name === undefined ? [] : [{ namespace, name }];
          }),
        ],
        reconcile: async (_, ctx) => {
          const found = await ctx.list(ConfigMap);
          const names = found.filter(({ metadata }) => metadata.labels?.["site"] === "a");
          ctx.status.set({ runs: names.length });
          return ctx.done();
        },
      }),
    );
    await createSite();
    await seen(Site, AT, ({ status }) => status?.runs === 0);
    for (const name of ["x", "y"]) {
      const metadata = { name, namespace: "default", labels: { site: "a" } };
      const map = { apiVersion: "v1", kind: "ConfigMap", metadata } as const;
      await plane.client.create(ConfigMap, map, plane.context);
    }
    await seen(Site, AT, ({ status }) => status?.runs === 2);
  });

  test("a watched kind wakes those that refer to it, found by an index", async () => {
    const bySecret = index(Site, ({ spec }) => (spec.secret === undefined ? [] : [spec.secret]));
    plane.manage(
      controller(Site, {
        watches: [
          watches(Secret, ({ metadata: { name = "" } }, _, { informers }) =>
            informers.for(Site).by(bySecret, name).map(keyOf),
          ),
        ],
        reconcile: async ({ spec }, ctx) => {
          const secret = await ctx.get(Secret, spec.secret ?? "");
          ctx.status.set({ shown: secret === undefined ? "none" : "some" });
          return ctx.done();
        },
      }),
    );
    await createSite({ secret: "late" });
    await seen(Site, AT, ({ status }) => status?.shown === "none");
    const metadata = { name: "late", namespace: "default" };
    await plane.client.create(
      Secret,
      { apiVersion: "v1", kind: "Secret", metadata },
      plane.context,
    );
    await seen(Site, AT, ({ status }) => status?.shown === "some");
  });
});
