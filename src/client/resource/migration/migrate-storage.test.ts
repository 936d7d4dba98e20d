import { expect, test } from "vitest";
import { z } from "zod";
import { childSignal } from "../../../base/signals.ts";
import { createTestWorld, type TestWorld } from "../../../test-kit/test-world.ts";
import { CustomResourceDefinition } from "../../builtin.ts";
import { defineResource } from "../define-resource.ts";
import { installDefinitions } from "../install-definitions.ts";
import {
  migrateStorage,
  MIGRATION_ANNOTATION,
  MigrationError,
  type MigrationOptions,
  type MigrationProgress,
} from "./migrate-storage.ts";

const spec = z.object({ size: z.int() });
const names = { group: "example.dev", kind: "Disk", spec };
const Before = defineResource({ ...names, version: "v1beta1" });
const Disk = defineResource({ ...names, version: "v1", olderVersions: { v1beta1: { spec } } });
const KEY = { namespace: "", name: "disks.example.dev" };

/** `count` objects in the old version, and the definition of the new one. */
async function aWorld(count: number): Promise<TestWorld> {
  const world = await createTestWorld({ kinds: [Before], hasControllers: false });
  const { client, context } = world;
  for (let index = 0; index < count; index += 1) {
    const metadata = { name: `d-${String(index).padStart(4, "0")}`, namespace: "default" };
    await client.create(Before, Before.create({ metadata, spec: { size: index } }), context);
  }
  await installDefinitions([Disk], client, context);
  await world.quiet();
  return world;
}

type Run = {
  readonly result: MigrationProgress | undefined;
  readonly failure: unknown;
  readonly tookMs: number;
};

async function migrated(
  world: TestWorld,
  options: MigrationOptions = {},
  client = world.client,
): Promise<Run> {
  const { env, context } = world;
  const startMs = env.clock.monotonic();
  let run: Run | undefined;
  const since = (): number => env.clock.monotonic() - startMs;
  migrateStorage(Disk, { client, env }, context, options).then(
    (result) => (run = { result, failure: undefined, tookMs: since() }),
    (failure: unknown) => (run = { result: undefined, failure, tookMs: since() }),
  );
  await env.runUntil(() => run !== undefined);
  if (run === undefined) throw new Error("it did not end");
  return run;
}

async function definition({ client, context }: TestWorld): Promise<CustomResourceDefinition> {
  return client.get(CustomResourceDefinition, KEY, context);
}

async function revisions(world: TestWorld): Promise<readonly number[]> {
  return (await world.list(Disk)).map(({ metadata }) => Number(metadata.resourceVersion));
}

test("every object is written once, gently, and the old version is forgotten", async () => {
  await using world = await aWorld(250);
  expect((await definition(world)).status.storedVersions).toEqual(["v1beta1", "v1"]);
  const before = await revisions(world);
  const seen: MigrationProgress[] = [];
  const run = await migrated(world, { onProgress: (progress) => seen.push(progress) });
  expect(run.result).toEqual({
    kind: "Disk",
    version: "v1",
    done: 250,
    total: 250,
    written: 250,
    failed: 0,
  });
  expect(seen[0]).toMatchObject({ done: 0, total: 250 });
  expect(run.tookMs).toBe(10_000 + 249 * 20); // it settles, then 50 writes a second
  const after = await revisions(world);
  expect(after.every((each, index) => each > (before[index] ?? 0))).toBe(true);
  const { metadata, status } = await definition(world);
  expect(status.storedVersions).toEqual(["v1"]);
  expect(metadata.annotations).toBeUndefined();

  const again = await migrated(world);
  expect(again).toMatchObject({ result: { written: 0 }, tookMs: 0 });
});

test("one that was stopped goes on where it was, and writes nothing twice", async () => {
  await using world = await aWorld(30);
  const { client, env } = world;
  const stop = childSignal(world.context.signal);
  const context = { ...world.context, signal: stop.signal };
  let count = 0;
  const failure = migrateStorage(Disk, { client, env }, context, {
    onProgress: ({ written }) => {
      count = written;
      if (written === 12) stop.abort(new Error("Ctrl-C"));
    },
  }).catch(String);
  await env.runUntil(() => stop.signal.aborted);
  expect(await failure).toBe("Error: Ctrl-C");
  expect(count).toBe(12);
  const note = (await definition(world)).metadata.annotations?.[MIGRATION_ANNOTATION];
  expect(note).toMatch(/^v1 \d+$/);
  await world.change(Disk, "d-0029", { spec: { size: 7 } }); // written by somebody else

  const run = await migrated(world);
  expect(run.result).toMatchObject({ done: 30, written: 17 });
  expect(run.tookMs).toBeLessThan(1_000);
  expect((await definition(world)).status.storedVersions).toEqual(["v1"]);
});

test("objects that cannot be written are named, and the old version is not forgotten", async () => {
  await using world = await aWorld(3);
  // A rule that an object of before does not keep is only judged where it changes; a policy is not.
  await world.apply(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: small}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [example.dev], apiVersions: ["*"], resources: [disks], operations: [UPDATE]}
  validations: [{expression: object.spec.size < 2, message: too large}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: small}
spec: {policyName: small, validationActions: [Deny]}
`);
  const run = await migrated(world);
  expect(run.failure).toBeInstanceOf(MigrationError);
  expect(String(run.failure)).toMatch(/1 objects of Disk.*\n {2}- default\/d-0002: .*too large/s);
  expect((await definition(world)).status.storedVersions).toEqual(["v1beta1", "v1"]);
  await world.delete(Disk, "d-0002");
  expect((await migrated(world)).result).toMatchObject({ done: 2, written: 0 });
});

test("a definition that stores another version is refused", async () => {
  await using world = await createTestWorld({ kinds: [Before], hasControllers: false });
  const run = await migrated(world);
  expect(String(run.failure)).toMatch(/disks\.example\.dev stores v1beta1, not v1: install/);
});
