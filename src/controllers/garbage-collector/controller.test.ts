import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeleteOptions } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { aWidget, Widget } from "../../controller-runtime/testing/widget.ts";
import { fixedKinds } from "../../informer/kind-informers.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject, OwnerReference } from "../../machinery/object.ts";
import { internalError } from "../../machinery/status.ts";
import { ABSENT_OWNERS_MAX, AbsentOwners } from "./absent-owners.ts";
import { garbageCollectorController } from "./controller.ts";

const Gadget: ResourceType = {
  group: "",
  version: "v1",
  kind: "Gadget",
  resource: "gadgets",
  isNamespaced: true,
};
const Zone: ResourceType = {
  group: "test.example",
  version: "v1",
  kind: "Zone",
  resource: "zones",
  isNamespaced: false,
};
const TYPES = [Widget, Gadget, Zone] as const;

function aWorld(): ControllerWorld & { readonly start: () => void } {
  const world = controllerWorld();
  const start = (): void =>
    world.start((deps) => {
      const kinds = fixedKinds(TYPES, deps.informers);
      return garbageCollectorController(deps, { kinds });
    });
  return { ...world, start };
}

function ref(owner: ApiObject, fields: Partial<OwnerReference> = {}): OwnerReference {
  const { name = "", uid = "" } = owner.metadata;
  const { apiVersion = "", kind = "" } = owner;
  return { apiVersion, kind, name, uid, ...fields };
}

function absent(uid: string, type: ResourceType = Widget): OwnerReference {
  return { apiVersion: apiVersionOf(type), kind: type.kind, name: `name-${uid}`, uid };
}

function owned(name: string, ...ownerReferences: readonly OwnerReference[]): Widget {
  return aWidget(name, { metadata: { ownerReferences } });
}

function names(world: ControllerWorld, type: ResourceType = Widget): string {
  return world.cluster
    .list(type)
    .map(({ metadata }) => metadata.name)
    .join(" ");
}

async function erase(
  world: ControllerWorld,
  object: Widget,
  options?: DeleteOptions,
): Promise<void> {
  await world.cluster.client.delete(Widget, keyOf(object), world.context, options);
  await world.env.advance(60_000);
}

describe("garbage collector", () => {
  test("what a deleted owner leaves behind goes, down the whole chain; others stay", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const b = world.cluster.seed(Gadget, owned("b", ref(a)));
    world.cluster.seed(Widget, owned("c", ref(b)));
    world.cluster.seed(Widget, aWidget("d"));
    world.start();
    await erase(world, a);
    expect([names(world), names(world, Gadget)]).toEqual(["d", ""]);
    await world.stop();
  });

  test("what lost its owner before the start goes, once the server was asked", async () => {
    const world = aWorld();
    world.cluster.seed(Widget, owned("a", absent("gone")));
    world.start();
    await world.env.advance(1_000);
    expect(names(world)).toBe("");
    const asked = world.cluster.requests.map(({ verb, key }) => `${verb} ${key.name}`);
    expect(asked).toEqual(["get name-gone", "delete a"]);
    await world.stop();
  });

  test("an owner the view has not seen yet keeps its dependents", async () => {
    const world = aWorld();
    world.start();
    await world.env.settle();
    world.cluster.lag.delayMs = 5_000;
    const a = world.cluster.seed(Gadget, aWidget("a"));
    world.cluster.lag.delayMs = 0; // b overtakes it
    const b = world.cluster.seed(Widget, owned("b", ref(a)));
    await world.env.advance(60_000);
    expect(world.cluster.find(Widget, keyOf(b))?.metadata.uid).toBe(b.metadata.uid);
    await world.stop();
  });

  test("a namesake is not the owner: the uid decides", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    world.cluster.seed(Widget, owned("b", ref(a, { uid: "an earlier a" })));
    world.start();
    await world.env.advance(1_000);
    expect(names(world)).toBe("a");
    await world.stop();
  });

  test("while one owner is there, the others are struck from the list", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const b = world.cluster.seed(Widget, owned("b", ref(a), absent("gone")));
    world.start();
    await world.env.advance(1_000);
    expect(world.cluster.find(Widget, keyOf(b))?.metadata.ownerReferences).toEqual([ref(a)]);
    await world.stop();
  });

  test("nothing is deleted while the server cannot say whether the owner is there", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, owned("a", absent("gone")));
    world.cluster.intercept(({ verb }) => {
      if (verb === "get") throw internalError("out of order");
      return "serve";
    });
    world.start();
    await world.env.advance(10_000);
    expect(world.cluster.find(Widget, keyOf(a))).toBeDefined();
    world.cluster.intercept();
    await world.env.advance(60_000);
    expect(names(world)).toBe("");
    await world.stop();
  });

  test("an owner of a kind that is not known counts as present", async () => {
    const world = aWorld();
    const stranger = { apiVersion: "other/v1", kind: "Stranger", name: "x", uid: "x" };
    world.cluster.seed(Widget, owned("a", stranger));
    world.start();
    await world.env.advance(60_000);
    expect(names(world)).toBe("a");
    await world.stop();
  });

  test("foreground: the owner stays as long as its blocking dependents", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const blocking = ref(a, { blockOwnerDeletion: true });
    const slow = { metadata: { ownerReferences: [blocking], finalizers: ["x/y"] } };
    const b = world.cluster.seed(Widget, aWidget("b", slow));
    world.cluster.seed(Widget, owned("c", ref(b, { blockOwnerDeletion: true })));
    const free = { metadata: { ownerReferences: [ref(a)], finalizers: ["x/y"] } };
    world.cluster.seed(Widget, aWidget("d", free));
    world.start();
    await erase(world, a, { propagationPolicy: "Foreground" });
    expect(names(world)).toBe("a b d"); // c had nothing that held it, and b came before it
    const patch = { kind: "merge", patch: { metadata: { finalizers: null } } } as const;
    await world.cluster.client.patch(Widget, keyOf(b), patch, world.context);
    await world.env.advance(1_000);
    expect(names(world)).toBe("d");
    await world.stop();
  });

  test("foreground: a circle of blocking owners comes to an end", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const b = world.cluster.seed(Widget, owned("b", ref(a, { blockOwnerDeletion: true })));
    world.cluster.seed(Widget, {
      ...a,
      metadata: { ...a.metadata, ownerReferences: [ref(b, { blockOwnerDeletion: true })] },
    });
    world.start();
    await erase(world, a, { propagationPolicy: "Foreground" });
    expect(names(world)).toBe("");
    await world.stop();
  });

  test("foreground: two that block each other, both deleted at once, come to an end", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const b = world.cluster.seed(Widget, owned("b", ref(a, { blockOwnerDeletion: true })));
    world.cluster.seed(Widget, {
      ...a,
      metadata: { ...a.metadata, ownerReferences: [ref(b, { blockOwnerDeletion: true })] },
    });
    const options = { propagationPolicy: "Foreground" } as const;
    await world.cluster.client.delete(Widget, keyOf(a), world.context, options);
    world.start();
    await erase(world, b, options);
    expect(names(world)).toBe("");
    await world.stop();
  });

  test("orphan: dependents stay, and forget that owner only", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const other = world.cluster.seed(Widget, aWidget("other"));
    const b = world.cluster.seed(Widget, owned("b", ref(a), ref(other)));
    const c = world.cluster.seed(Widget, owned("c", ref(a)));
    world.start();
    await erase(world, a, { propagationPolicy: "Orphan" });
    expect(names(world)).toBe("b c other");
    expect(world.cluster.find(Widget, keyOf(b))?.metadata.ownerReferences).toEqual([ref(other)]);
    expect(world.cluster.find(Widget, keyOf(c))?.metadata.ownerReferences ?? []).toEqual([]);
    await world.stop();
  });

  test("an owner in another namespace is none, and people are told", async () => {
    const world = aWorld();
    const far = world.cluster.seed(
      Widget,
      aWidget("far", { metadata: { namespace: "elsewhere" } }),
    );
    world.cluster.seed(Widget, owned("a", ref(far)));
    world.start();
    await world.env.advance(1_000);
    expect(names(world)).toBe("far");
    expect(world.cluster.events).toMatchObject([
      { type: "Warning", reason: "OwnerRefInvalidNamespace", object: { metadata: { name: "a" } } },
    ]);
    await world.stop();
  });

  test("a cluster-scoped object is never collected for an owner inside a namespace", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const metadata = { name: "z", ownerReferences: [ref(a)] };
    world.cluster.seed(Zone, { metadata });
    world.cluster.seed(Zone, { metadata: { name: "y", ownerReferences: [absent("gone")] } });
    world.start();
    await erase(world, a);
    expect(names(world, Zone)).toBe("y z");
    await world.stop();
  });

  test("a cluster-scoped owner owns across namespaces", async () => {
    const world = aWorld();
    const zone = world.cluster.seed(Zone, { metadata: { name: "z" } });
    world.cluster.seed(Widget, owned("a", ref(zone)));
    world.start();
    await world.env.settle();
    expect(names(world)).toBe("a");
    await world.cluster.client.delete(Zone, keyOf(zone), world.context);
    await world.env.advance(1_000);
    expect(names(world)).toBe("");
    await world.stop();
  });

  test("an object that gets a new owner while it is judged is judged anew", async () => {
    const world = aWorld();
    const a = world.cluster.seed(Widget, aWidget("a"));
    const b = world.cluster.seed(Widget, owned("b", absent("gone")));
    let isRescued = false;
    world.cluster.intercept(({ verb }) => {
      if (verb === "delete" && !isRescued) {
        isRescued = true;
        const metadata = { ...b.metadata, ownerReferences: [ref(a)] };
        world.cluster.seed(Widget, { ...b, metadata });
      }
      return "serve";
    });
    world.start();
    await world.env.advance(60_000);
    expect(isRescued).toBe(true);
    expect(names(world)).toBe("a b");
    await world.stop();
  });
});

describe("absent owners", () => {
  test("are remembered up to a limit, the last used longest", () => {
    const absentOwners = new AbsentOwners();
    absentOwners.add("first");
    absentOwners.add("second");
    expect(absentOwners.has("first")).toBe(true);
    for (let count = 0; count < ABSENT_OWNERS_MAX - 1; count += 1) absentOwners.add(`${count}`);
    expect([absentOwners.has("first"), absentOwners.has("second")]).toEqual([true, false]);
  });
});

type Deletion = {
  readonly target: number;
  readonly policy: "Background" | "Foreground" | "Orphan";
};

/** Ownership among a few objects, references to nobody, some of them blocking, and deletions. */
const anyHistory = fc.record({
  objects: fc.array(
    fc.record({
      owners: fc.array(
        fc.record({ of: fc.integer({ min: 0, max: 9 }), isBlocking: fc.boolean() }),
        { maxLength: 3 },
      ),
      isGadget: fc.boolean(),
    }),
    { minLength: 2, maxLength: 8 },
  ),
  deletions: fc.array(
    fc.record<Deletion>({
      target: fc.integer({ min: 0, max: 7 }),
      policy: fc.constantFrom("Background", "Foreground", "Orphan"),
    }),
    { maxLength: 4 },
  ),
  lagMs: fc.constantFrom(0, 0, 700),
});

describe("garbage collector on any ownership", () => {
  test("no orphan stays, and nothing with a live owner is deleted", async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ objects, deletions, lagMs }) => {
        const world = aWorld();
        world.cluster.lag.delayMs = lagMs;
        const typeOf = (index: number): ResourceType =>
          objects[index]?.isGadget ? Gadget : Widget;
        const keyAt = (index: number) => ({ namespace: "default", name: `o${index}` });
        objects.forEach(({ owners }, index) => {
          const ownerReferences = owners.map(({ of, isBlocking }) => ({
            apiVersion: apiVersionOf(typeOf(of)),
            kind: typeOf(of).kind,
            name: `o${of}`,
            uid: `uid-${of}`,
            blockOwnerDeletion: isBlocking,
          }));
          const metadata = { ...keyAt(index), uid: `uid-${index}`, ownerReferences };
          world.cluster.seed(typeOf(index), { metadata });
        });
        const liveOwners = (object: ApiObject): readonly string[] =>
          (object.metadata.ownerReferences ?? [])
            .filter(({ uid }) => {
              const all = [...world.cluster.list(Widget), ...world.cluster.list(Gadget)];
              const owner = all.find(({ metadata }) => metadata.uid === uid);
              return owner !== undefined && owner.metadata.deletionTimestamp === undefined;
            })
            .map(({ name }) => name);
        const wrongs: string[] = [];
        world.cluster.intercept(({ verb, type, key, context }) => {
          const isCollector = context.cause.actor === "garbage-collector";
          const object = world.cluster.find(type, key);
          if (!isCollector || verb !== "delete" || object === undefined) return "serve";
          if (liveOwners(object).length > 0) wrongs.push(key.name);
          return "serve";
        });
        world.start();
        for (const { target, policy } of deletions) {
          await world.env.advance(300);
          const type = typeOf(target);
          const options = { propagationPolicy: policy };
          if (world.cluster.find(type, keyAt(target)) === undefined) continue;
          await world.cluster.client.delete(type, keyAt(target), world.context, options);
        }
        await world.env.advance(120_000);
        expect(wrongs).toEqual([]);
        for (const object of [...world.cluster.list(Widget), ...world.cluster.list(Gadget)]) {
          expect(object.metadata.deletionTimestamp).toBeUndefined();
          const references = object.metadata.ownerReferences ?? [];
          expect(liveOwners(object)).toHaveLength(references.length);
        }
        await world.stop();
      }),
      { numRuns: 150 },
    );
  });
});
