import { describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { keyText } from "../../machinery/key.ts";
import type { OwnerReference } from "../../machinery/object.ts";
import { generationChanged, labelsChanged, not, allOf, anyOf } from "./predicates.ts";
import type { Source, Trigger } from "./source.ts";
import { channelSource, ownedSource, ownSource, periodicSource, watchSource } from "./sources.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";

type Seen = { readonly key: string; readonly trigger: Trigger };

function aWorld(): {
  readonly env: ReturnType<typeof virtualEnv>;
  readonly cluster: FakeCluster;
  readonly start: (source: Source) => readonly Seen[];
  readonly stop: () => void;
} {
  const env = virtualEnv();
  const abort = new AbortController();
  const start = (source: Source): readonly Seen[] => {
    const seen: Seen[] = [];
    const enqueue = (
      key: Parameters<Parameters<Source["start"]>[0]>[0],
      trigger: Trigger,
    ): void => {
      seen.push({ key: keyText(key), trigger });
    };
    source.start(enqueue, aContext(env, abort.signal));
    return seen;
  };
  return { env, cluster: fakeCluster(env), start, stop: () => abort.abort() };
}

function ownedBy(name: string, fields: Partial<OwnerReference> = {}): OwnerReference {
  return { apiVersion: "test.example/v1", kind: "Widget", name, uid: `uid-${name}`, ...fields };
}

describe("sources", () => {
  test("the first list wakes with an initial trigger, changes with their revisions", async () => {
    const { env, cluster, start, stop } = aWorld();
    const a = cluster.seed(Widget, aWidget("a"));
    const seen = start(ownSource(cluster.informers.for(Widget)));
    await env.settle();
    const next = cluster.seed(Widget, { ...a, spec: { n: 1 } });
    cluster.vanish(Widget, { namespace: "default", name: "a" });
    await env.settle();
    const event = (revision: number): Trigger => ({
      kind: "event",
      revision,
      object: "Widget default/a",
    });
    expect(seen).toEqual([
      { key: "default/a", trigger: { kind: "initial" } },
      { key: "default/a", trigger: event(Number(next.metadata.resourceVersion)) },
      { key: "default/a", trigger: event(cluster.revision()) },
    ]);
    stop();
    cluster.seed(Widget, aWidget("b"));
    await env.settle();
    expect(seen).toHaveLength(3);
  });

  test("an update wakes both the key it left and the key it joined", async () => {
    const { env, cluster, start } = aWorld();
    const map = (widget: Widget): readonly { namespace: string; name: string }[] => [
      { namespace: "", name: String(widget.spec?.["node"]) },
    ];
    const a = cluster.seed(Widget, aWidget("a", { spec: { node: "n1" } }));
    const seen = start(watchSource(cluster.informers.for(Widget), map));
    await env.settle();
    cluster.seed(Widget, { ...a, spec: { node: "n2" } });
    await env.settle();
    expect(seen.map(({ key }) => key)).toEqual(["n1", "n1", "n2"]);
  });

  test("owned objects wake their managing owner of the kind, of no other", async () => {
    const { env, cluster, start } = aWorld();
    const seen = start(ownedSource(cluster.informers.for(Widget), Widget));
    const owners: readonly (readonly OwnerReference[])[] = [
      [ownedBy("mine", { controller: true })],
      [ownedBy("plain")],
      [ownedBy("other-group", { controller: true, apiVersion: "other/v1" })],
      [ownedBy("other-kind", { controller: true, kind: "Gadget" })],
      [],
    ];
    owners.forEach((ownerReferences, index) => {
      cluster.seed(Widget, aWidget(`w${index}`, { metadata: { ownerReferences } }));
    });
    await env.settle();
    expect(seen.map(({ key }) => key)).toEqual(["default/mine"]);
  });

  test("a period wakes at once and then each time, until the end", async () => {
    const { env, start, stop } = aWorld();
    const keys = (): readonly { namespace: string; name: string }[] => [
      { namespace: "", name: `at-${env.clock.monotonic()}` },
    ];
    const seen = start(periodicSource({ name: "tick", periodMs: 100, keys, env }));
    await env.advance(250);
    expect(seen.map(({ key }) => key)).toEqual(["at-0", "at-100", "at-200"]);
    stop();
    await env.advance(1_000);
    expect(seen).toHaveLength(3);
  });

  test("a channel keeps what was woken before it started", () => {
    const { start } = aWorld();
    const channel = channelSource("outside");
    channel.wake({ namespace: "", name: "early" }, { kind: "timer" });
    const first = start(channel);
    const second = start(channel);
    channel.wake({ namespace: "", name: "late" }, { kind: "timer" });
    expect(first.map(({ key }) => key)).toEqual(["early", "late"]);
    expect(second.map(({ key }) => key)).toEqual(["late"]);
  });
});

describe("predicates", () => {
  const base = aWidget("a", { metadata: { uid: "1", generation: 1, labels: { a: "1" } } });
  const relabelled = { ...base, metadata: { ...base.metadata, labels: { a: "2" } } };
  const respecified = { ...base, metadata: { ...base.metadata, generation: 2 } };
  const reborn = { ...base, metadata: { ...base.metadata, uid: "2" } };
  const update = (object: Widget) => ({ kind: "update", old: base, object }) as const;

  for (const { name, predicate, passes } of [
    { name: "generation", predicate: generationChanged, passes: [false, true, true] },
    { name: "labels", predicate: labelsChanged, passes: [true, false, true] },
    {
      name: "either",
      predicate: anyOf(generationChanged, labelsChanged),
      passes: [true, true, true],
    },
    {
      name: "both",
      predicate: allOf(generationChanged, labelsChanged),
      passes: [false, false, true],
    },
    { name: "not", predicate: not(labelsChanged), passes: [false, true, false] },
  ]) {
    test(`${name}: judges updates of labels, of the spec, and of identity`, () => {
      const got = [relabelled, respecified, reborn].map((object) => predicate(update(object)));
      expect(got).toEqual(passes);
    });
  }

  test("additions and deletions always pass", () => {
    expect(labelsChanged({ kind: "add", object: base, isInitial: false })).toBe(true);
    expect(generationChanged({ kind: "delete", object: base, isFinalStateUnknown: false })).toBe(
      true,
    );
  });
});
