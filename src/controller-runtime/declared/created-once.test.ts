import { expect, test } from "vitest";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { controller } from "./controller.ts";

const OWNER = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {own: me}}}";
const SECRET =
  "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {password: theirs}}";

/** Makes a secret of each labelled map, with a password that is another each time. */
const passwords = (seen: (string | undefined)[]) => {
  let count = 0;
  return controller(ConfigMap, {
    owns: [Secret],
    reconcile: async (map, ctx) => {
      if (map.metadata.labels?.["own"] === undefined) return ctx.done();
      const { name = "" } = map.metadata;
      count += 1;
      const password = Buffer.from(`password-${count}`).toString("base64");
      const made = await ctx.create(Secret, { metadata: { name }, data: { password } });
      expect(await ctx.get(Secret, name)).toEqual(made); // at once
      expect(made).toMatchObject({ apiVersion: "v1", kind: "Secret" });
      seen.push(Buffer.from(made.data?.["password"] ?? "", "base64").toString());
      return ctx.done();
    },
  });
};

test("what is created is owned, seen at once, and the same at every later run", async () => {
  const seen: string[] = [];
  await using world = await createTestWorld({ controllers: [passwords(seen)] });
  await world.apply(OWNER);
  await world.eventually(() => Promise.resolve(seen.length > 0 ? true : undefined));
  await world.apply(OWNER.replace("own: me", "own: you"));
  await world.eventually(() => Promise.resolve(seen.length > 1 ? true : undefined));
  expect(new Set(seen)).toEqual(new Set(["password-1"]));
  const owner = await world.get(ConfigMap, "a");
  const secret = await world.get(Secret, "a");
  const { uid = "" } = owner?.metadata ?? {};
  expect(secret?.metadata.ownerReferences).toMatchObject([{ kind: "ConfigMap", uid }]);
});

test("what somebody else has made is answered as it is", async () => {
  const seen: string[] = [];
  await using world = await createTestWorld({ controllers: [passwords(seen)] });
  await world.apply(SECRET);
  await world.apply(OWNER);
  await world.eventually(() => Promise.resolve(seen.length > 0 ? true : undefined));
  expect(seen[0]).toBe("theirs");
  expect((await world.get(Secret, "a"))?.metadata.ownerReferences).toBeUndefined();
});

test("a view that is behind makes no difference: the one at the server is answered", async () => {
  const answers: (string | undefined)[] = [];
  const late = controller(ConfigMap, {
    owns: [Secret],
    reconcile: async (map, ctx) => {
      if (map.metadata.labels?.["own"] === undefined) return ctx.done();
      const elsewhere = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "a", namespace: "default" },
        data: { password: Buffer.from("theirs").toString("base64") },
      } as const;
      await world.client.create(Secret, elsewhere, world.context).catch(() => undefined);
      const made = await ctx.create(Secret, { metadata: { name: "a" }, data: {} });
      answers.push(made.data?.["password"]);
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ controllers: [late] });
  await world.apply(OWNER);
  await world.eventually(() => Promise.resolve(answers.length > 0 ? true : undefined));
  expect(answers[0]).toBe(Buffer.from("theirs").toString("base64"));
});

test("a run knows how often those before it failed; a success ends the count", async () => {
  const told: unknown[] = [];
  let begunMs = 0;
  const failing = controller(ConfigMap, {
    reconcile: (map, ctx) => {
      if (map.metadata.labels?.["own"] === undefined) return Promise.resolve(ctx.done());
      if (told.length === 0) begunMs = ctx.now();
      told.push(ctx.failures);
      if (told.length < 3) throw new Error(`failure ${told.length}`);
      return Promise.resolve(told.length < 5 ? ctx.requeueAfter("1s") : ctx.done());
    },
  });
  await using world = await createTestWorld({ controllers: [failing] });
  await world.apply(OWNER);
  await world.eventually(() => Promise.resolve(told.length > 4 ? true : undefined));
  expect(told).toEqual([
    { count: 0 },
    { count: 1, message: "failure 1", sinceMs: begunMs },
    { count: 2, message: "failure 2", sinceMs: begunMs },
    { count: 0 },
    { count: 0 },
  ]);
});
