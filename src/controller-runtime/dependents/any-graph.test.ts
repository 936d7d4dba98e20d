/** Any graph of dependents, with any delays and failures, on a whole control plane. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { dependent, type Dependent } from "./dependent.ts";
import { external } from "./external.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ without: z.array(z.string()).default([]) }),
});
type Site = ObjectOf<typeof Site>;
const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";

/** One node: on which earlier ones it depends, what it is, how slow and how often it fails. */
type Node = {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly isExternal: boolean;
  readonly slow: number;
  readonly failures: number;
};

const someNodes: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.record({
      links: fc.array(fc.nat(), { maxLength: 3 }),
      isExternal: fc.boolean(),
      slow: fc.integer({ min: 0, max: 2 }),
      failures: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drawn) =>
    drawn.map(({ links, ...rest }, at) => ({
      ...rest,
      name: `n${at}`,
      dependsOn: at === 0 ? [] : [...new Set(links.map((link) => `n${link % at}`))],
    })),
  );

/** The world outside, which is slow, fails, and sees what is done in which order. */
class Outside {
  readonly ready = new Set<string>();
  readonly there = new Set<string>();
  readonly wrong: string[] = [];
  writes = 0;
  readonly #nodes: readonly Node[];
  readonly #slow = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
    for (const { name, failures } of nodes) this.#failures.set(name, failures);
  }

  dependents(): readonly Dependent<Site>[] {
    return this.#nodes.map((node) => (node.isExternal ? this.#external(node) : this.#config(node)));
  }

  #external(node: Node): Dependent<Site> {
    const { name, dependsOn } = node;
    return external(name, {
      dependsOn,
      when: ({ spec }: Site) => !spec.without.includes(name),
      read: () => Promise.resolve(this.there.has(name) ? name : undefined),
      create: () => {
        this.#apply(node);
        this.writes += 1;
        this.there.add(name);
        return Promise.resolve(name);
      },
      delete: () => {
        this.#remove(node);
        this.there.delete(name);
        return Promise.resolve();
      },
      isReady: () => this.#isReady(node),
      pollEvery: "1m",
    });
  }

  #config(node: Node): Dependent<Site> {
    const { name, dependsOn } = node;
    return dependent(ConfigMap, {
      name,
      dependsOn,
      when: ({ spec }: Site) => !spec.without.includes(name),
      desired: () => {
        this.#apply(node);
        this.there.add(name);
        return { metadata: { name } };
      },
      isReady: () => this.#isReady(node),
      isGone: () => {
        if (this.there.has(name)) this.#remove(node);
        this.there.delete(name);
        return true;
      },
      deletion: "in-order",
    });
  }

  #apply(node: Node): void {
    for (const below of node.dependsOn) {
      if (!this.ready.has(below)) this.wrong.push(`${node.name} before ${below} is ready`);
    }
    const failures = this.#failures.get(node.name) ?? 0;
    this.#failures.set(node.name, failures - 1);
    if (failures > 0) throw new Error(`${node.name} does not want to`);
  }

  #remove({ name }: Node): void {
    for (const above of this.#nodes) {
      if (above.dependsOn.includes(name) && this.there.has(above.name)) {
        this.wrong.push(`${name} while ${above.name} is there`);
      }
    }
    this.ready.delete(name);
    this.#slow.delete(name);
  }

  #isReady({ name, slow }: Node): boolean {
    const looks = this.#slow.get(name) ?? 0;
    this.#slow.set(name, looks + 1);
    if (looks < slow) return false;
    this.ready.add(name);
    return true;
  }
}

/** Nothing tells of what is only in the memory of this test: somebody looks now and then. */
const controllerOf = (outside: Outside) =>
  controller(Site, { dependents: outside.dependents(), every: "30s" });

const isReady = async (world: TestWorld): Promise<boolean> => {
  const site = await world.get(Site, "home");
  const { generation } = site?.metadata ?? {};
  const isSeen = site?.status?.observedGeneration === generation;
  return isSeen && isConditionTrue(site?.status?.conditions, "Ready");
};

test("is made in order, changed in order, rests, and goes in reverse", async () => {
  await fc.assert(
    fc.asyncProperty(someNodes, fc.array(fc.nat(), { maxLength: 2 }), async (nodes, without) => {
      const outside = new Outside(nodes);
      const controllers = [controllerOf(outside)];
      await using world = await createTestWorld({ controllers, manifests: HOME });
      await world.eventually(() => isReady(world), undefined, { within: "1h" });
      expect(outside.there.size).toBe(nodes.length);

      const names = without.map((at) => nodes[at % nodes.length]?.name ?? "");
      await world.change(Site, "home", { spec: { without: names } });
      await world.eventually(() => isReady(world), undefined, { within: "1h" });
      const left = wantedOf(nodes, names);
      expect([...outside.there].toSorted()).toEqual(left);

      const { resourceVersion } = (await world.get(Site, "home"))?.metadata ?? {};
      const { writes } = outside;
      await world.advance("10m");
      expect((await world.get(Site, "home"))?.metadata.resourceVersion).toBe(resourceVersion);
      expect(outside.writes).toBe(writes);

      await world.delete(Site, "home");
      await world.eventually(async () => (await world.get(Site, "home")) === undefined);
      expect([...outside.there]).toEqual([]);
      expect(outside.wrong).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 60_000);

function wantedOf(nodes: readonly Node[], without: readonly string[]): readonly string[] {
  const wanted = new Set<string>();
  for (const { name, dependsOn } of nodes) {
    const isWanted = !without.includes(name) && dependsOn.every((below) => wanted.has(below));
    if (isWanted) wanted.add(name);
  }
  return [...wanted].toSorted();
}
