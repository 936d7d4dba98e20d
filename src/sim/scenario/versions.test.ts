/** Builds and versions of a kind that are not the same everywhere. */
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, CustomResourceDefinition } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { eventually } from "../oracles/invariants.ts";
import { onWrites } from "../oracles/temporal.ts";
import { SimulationError } from "../report/simulation-error.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";
import type { State } from "../world/state.ts";
import { install, uninstall } from "./definitions.ts";
import { create } from "./operation.ts";
import type { MakeController } from "./replicas.ts";

const kind = { group: "example.dev", kind: "Site" } as const;
const OldSite = defineResource({ ...kind, version: "v1", spec: z.object({ host: z.string() }) });
const Site = defineResource({
  ...kind,
  version: "v2",
  spec: z.object({ hosts: z.array(z.string()) }),
  olderVersions: {
    v1: {
      spec: z.object({ host: z.string() }),
      toHub: ({ spec: { host } }) => ({ spec: { hosts: [host] } }),
      fromHub: ({ spec: { hosts } }) => ({ spec: { host: hosts[0] ?? "" } }),
    },
  },
});
const SiteV1: ResourceType<typeof Site.olderVersions.v1 extends ResourceType<infer T> ? T : never> =
  Site.olderVersions.v1;

/** Writes the hosts of each site into a config map of that name, under this key. */
const publishes = (key: string): MakeController =>
  controller(Site, {
    owns: [ConfigMap],
    async reconcile({ metadata: { name = "" }, spec }, ctx) {
      await ctx.apply(ConfigMap, { metadata: { name }, data: { [key]: spec.hosts.join() } });
      return ctx.done();
    },
  });

/** The build before speaks the version that came before. */
const publishesFirst: MakeController = controller(SiteV1, {
  owns: [ConfigMap],
  async reconcile({ metadata: { name = "" }, spec }, ctx) {
    await ctx.apply(ConfigMap, { metadata: { name }, data: { hosts: spec.host } });
    return ctx.done();
  },
});

const hostsOf = (state: State): string => state.get(ConfigMap, "home")?.data?.["hosts"] ?? "";

const published = eventually("the host is published", (state) => {
  return state.get(Site, "home") === undefined || hostsOf(state) === "a.example" || hostsOf(state);
});

const home = { metadata: { name: "home" }, spec: { hosts: ["a.example"] } };
const options: SimulateOptions = {
  kinds: [Site],
  scenario: [create(Site, home)],
  invariants: [published],
  faults: ["version", "world"],
  hasNodes: false,
  tapes: "",
  runs: 30,
};

test("a build that speaks an older version works beside one that speaks the newest", async () => {
  const builds = { controllers: [publishes("hosts")], previous: [publishesFirst] };
  const led = { replicas: 2, leaderElection: true, runs: 8 } as const;
  expect((await simulate({ ...options, ...builds, ...led })).runs).toBe(8);
}, 60_000);

test("a run may begin with the build before and ends with the newest", async () => {
  const build = (name: string) => publishes(`written-by-${name}`);
  const builds = { controllers: [build("new")], previous: [build("old")] };
  const seen: string[] = [];
  const writers = onWrites("who wrote", ({ resource, after }) => {
    const data = resource === "configmaps" && after !== undefined ? (after as ConfigMap).data : {};
    seen.push(Object.keys(data ?? {}).join());
    return true;
  });
  const tape = {
    seed: 1,
    operations: ["create Site home"],
    taken: { "version: controllers starts as": "the build before" },
  };
  await simulate({ ...options, ...builds, invariants: [writers], tape });
  const written = seen.filter((keys) => keys.startsWith("written-by"));
  expect([...new Set(written)]).toEqual(["written-by-old", "written-by-new"]);
});

test("builds that undo each other's work are found out", async () => {
  const loses = publishes("host"); // which the newest one knows nothing of
  const invariants = [
    eventually("no key is left that nobody looks after", (state) => {
      const keys = Object.keys(state.get(ConfigMap, "home")?.data ?? {});
      return keys.every((key) => key === "hosts") || keys.join();
    }),
  ];
  const renamed: MakeController = controller(Site, {
    owns: [ConfigMap],
    async reconcile({ metadata: { name = "" }, spec }, ctx) {
      const present = await ctx.get(ConfigMap, name);
      const data = { ...present?.data, hosts: spec.hosts.join() };
      await ctx.apply(ConfigMap, { metadata: { name }, data });
      return ctx.done();
    },
  });
  const broken = { ...options, controllers: [renamed], previous: [loses], invariants };
  const error = await simulate(broken).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(Object.keys(error.tape.taken).every((name) => name.startsWith("version"))).toBe(true);
  const healthy = { ...broken, controllers: [publishes("hosts")] };
  expect((await simulate({ ...healthy, runs: 15 })).runs).toBe(15);
}, 60_000);

const changes: SimulateOptions = {
  ...options,
  kinds: [OldSite],
  scenario: [
    create(Site.olderVersions.v1, { metadata: { name: "home" }, spec: { host: "a.example" } }),
    install(Site),
    uninstall(Site),
    { ...install(Site), name: "install Site again" },
    { ...create(Site, home), name: "create Site home again" },
  ],
  faults: ["server", "world", "pace"],
  hasNodes: true,
};

test("a kind gets a version, goes, and comes again, while its controller works", async () => {
  const installed = eventually("both versions are served", (state) => {
    const key = { namespace: "", name: "sites.example.dev" };
    const { spec } = state.get(CustomResourceDefinition, key) ?? {};
    return state.get(Site, "home") === undefined || spec?.versions.length === 2;
  });
  const invariants = [published, installed];
  const mended = { ...changes, controllers: [publishesFirst], invariants, runs: 10 };
  expect((await simulate(mended)).runs).toBe(10);
}, 60_000);

/** Remembers by name what it has published: one that comes again gets nothing. */
const publishesOnce: MakeController = (deps) => {
  const done = new Set<string>();
  const made = controller(SiteV1, {
    async reconcile({ metadata: { name = "" }, spec }, ctx) {
      if (done.has(name)) return ctx.done();
      await ctx.apply(ConfigMap, { metadata: { name }, data: { hosts: spec.host } });
      done.add(name);
      return ctx.done();
    },
  });
  return made(deps);
};

test("who forgets nothing when a kind comes again is found out, without any fault", async () => {
  const broken = { ...changes, controllers: [publishesOnce], invariants: [published] };
  const error = await simulate(broken).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(error.tape.operations).toContain("uninstall Site");
  expect(error.tape.taken).toEqual({});
}, 60_000);
