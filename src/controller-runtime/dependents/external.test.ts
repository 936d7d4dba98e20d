/** Dependents outside of Kubernetes: a provider that remembers what it was asked. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { dependent } from "./dependent.ts";
import { external, type ExternalOptions } from "./external.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ host: z.string().default("a.example"), hasRecord: z.boolean().default(true) }),
});
type Site = ObjectOf<typeof Site>;

const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";

type DnsRecord = { readonly host: string; readonly isLive: boolean };

/** Keeps records by the uid of who asked. */
class Provider {
  readonly records = new Map<string, DnsRecord>();
  readonly calls: string[] = [];
  isLiveAtOnce = true;
  isStubborn = false;
  failsNext = "";

  options(more: Partial<ExternalOptions<Site, DnsRecord>> = {}): ExternalOptions<Site, DnsRecord> {
    return {
      read: ({ metadata: { uid = "" } }) => this.#call("read", () => this.records.get(uid)),
      create: (site) => this.#call("create", () => this.#put(site)),
      update: (site) => this.#call("update", () => this.#put(site)),
      isCurrent: ({ host }, { spec }) => host === spec.host,
      isReady: ({ isLive }) => isLive,
      delete: ({ metadata: { uid = "" } }) =>
        this.#call("delete", () => {
          if (!this.isStubborn) this.records.delete(uid);
        }),
      ...more,
    };
  }

  setLive(): void {
    for (const [uid, { host }] of this.records) this.records.set(uid, { host, isLive: true });
  }

  #put({ metadata: { uid = "" }, spec: { host } }: Site): DnsRecord {
    const record = { host, isLive: this.isLiveAtOnce };
    this.records.set(uid, record);
    return record;
  }

  #call<R>(name: string, work: () => R): Promise<R> {
    this.calls.push(name);
    const result = work();
    if (this.failsNext !== name) return Promise.resolve(result);
    this.failsNext = "";
    return Promise.reject(new Error("the answer was lost"));
  }
}

const worldOf = (provider: Provider, more: Partial<ExternalOptions<Site, DnsRecord>> = {}) => {
  const record = external("record", provider.options(more));
  const page = dependent(ConfigMap, {
    dependsOn: [record],
    desired: (_: Site, ctx) => ({
      metadata: { name: "page" },
      data: { host: ctx.dependents.found(record)?.host ?? "nothing" },
    }),
  });
  const controllers = [controller(Site, { dependents: [page, record] })];
  return createTestWorld({ controllers, manifests: HOME });
};

async function ready(world: TestWorld): Promise<string> {
  const site = await world.get(Site, "home");
  const condition = findCondition(site?.status?.conditions, "Ready");
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

test("it is made, found by others, changed with the spec, and gone before the owner", async () => {
  const provider = new Provider();
  await using world = await worldOf(provider);
  const page = await world.eventually(() => world.get(ConfigMap, "page"));
  expect(page?.data).toEqual({ host: "a.example" });
  await world.change(Site, "home", { spec: { host: "b.example" } });
  await world.eventually(
    () => world.get(ConfigMap, "page"),
    (map) => map?.data?.["host"] === "b.example",
  );
  expect(provider.calls.filter((call) => call !== "read")).toEqual(["create", "update"]);
  await world.delete(Site, "home");
  await world.eventually(async () => (await world.get(Site, "home")) === undefined);
  expect(provider.records.size).toBe(0);
});

test("what an interrupted run has made is found again, not made twice", async () => {
  const provider = new Provider();
  provider.failsNext = "create";
  await using world = await worldOf(provider);
  await world.eventually(() => world.get(ConfigMap, "page"));
  expect(provider.calls.filter((call) => call === "create")).toHaveLength(1);
});

test("it is gone when it is not wanted any more, and what depends on it first", async () => {
  const provider = new Provider();
  await using world = await worldOf(provider, { when: ({ spec }) => spec.hasRecord });
  await world.eventually(() => world.get(ConfigMap, "page"));
  await world.change(Site, "home", { spec: { hasRecord: false } });
  await world.eventually(() => Promise.resolve(provider.records.size === 0));
  expect(await world.get(ConfigMap, "page")).toBeUndefined();
});

describe("what nothing tells of", () => {
  test("is looked at again until it is ready", async () => {
    const provider = new Provider();
    provider.isLiveAtOnce = false;
    await using world = await worldOf(provider);
    await world.advance("1m");
    expect(await ready(world)).toBe("False Waiting: record: is not ready; behind it: ConfigMap");
    provider.setLive();
    await world.eventually(() => world.get(ConfigMap, "page"), undefined, { within: "11s" });
  });

  test("is looked at again until it is gone", async () => {
    const provider = new Provider();
    await using world = await worldOf(provider);
    await world.eventually(() => world.get(ConfigMap, "page"));
    provider.isStubborn = true;
    await world.delete(Site, "home");
    await world.advance("1m");
    expect(await ready(world)).toBe("False Removing: record: is being deleted");
    provider.isStubborn = false;
    await world.eventually(async () => (await world.get(Site, "home")) === undefined);
  });

  test("is read once in each period, and mended when it has changed", async () => {
    const provider = new Provider();
    await using world = await worldOf(provider, { pollEvery: "5m" });
    await world.eventually(() => world.get(ConfigMap, "page"));
    const before = provider.calls.length;
    for (let turn = 0; turn < 20; turn += 1) {
      await world.change(Site, "home", { metadata: { labels: { turn: String(turn) } } });
      await world.advance("3s");
    }
    expect(provider.calls.length).toBe(before);
    await world.advance("59m");
    expect(provider.calls.slice(before)).toEqual(Array(12).fill("read"));
    const [uid = ""] = provider.records.keys();
    provider.records.set(uid, { host: "elsewhere", isLive: true });
    await world.advance("6m");
    expect(provider.records.get(uid)?.host).toBe("a.example");
  });
});

test("an update that nothing asks for is refused when it is declared", () => {
  const { update, ...without } = new Provider().options();
  expect(update).toBeDefined();
  expect(() => external("record", without)).toThrow("`update` and `isCurrent` go together");
});
