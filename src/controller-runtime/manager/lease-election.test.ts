import { expect, test } from "vitest";
import { ConfigMap, Lease } from "../../client/builtin.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { createManager, type Manager } from "./manager.ts";
import { fencedClient } from "./fenced-client.ts";

const LEASE = { namespace: "kube-system", name: "maps" };

/** Marks each ConfigMap labelled `mark` with who did it. */
const marking = (who: string) =>
  controller(ConfigMap, {
    name: "marker",
    reconcile: async (map, ctx) => {
      const { labels, name = "" } = map.metadata;
      if (labels?.["mark"] === undefined || map.data?.["by"] !== undefined) return ctx.done();
      await ctx.apply(ConfigMap, { metadata: { name }, data: { by: who } }, { isOwned: false });
      return ctx.done();
    },
  });

const marked = (name: string) =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, labels: {mark: x}}}`;

test("one of two works; when it stops, the other goes on", async () => {
  await using world = await createTestWorld();
  const { client, env, context } = world;
  const start = (who: string): { manager: Manager; stop: AbortController; ran: Promise<void> } => {
    const leaderElection = { lease: LEASE, identity: who };
    const manager = createManager({ client, env, leaderElection, controllers: [marking(who)] });
    const stop = new AbortController();
    return { manager, stop, ran: manager.run({ ...context, signal: stop.signal }) };
  };
  const [first, second] = [start("a"), start("b")];
  const by = async (name: string): Promise<string | undefined> =>
    (await world.get(ConfigMap, name))?.data?.["by"];
  await world.apply(marked("one"));
  const leader = await world.eventually(() => by("one"));
  expect((await world.get(Lease, LEASE))?.spec.holderIdentity).toBe(leader);
  const [working, waiting] = leader === "a" ? [first, second] : [second, first];
  expect(waiting.manager.readyz().checks[0]?.state).toBe("standby");

  working.stop.abort();
  await working.ran;
  await world.apply(marked("two"));
  expect(await world.eventually(() => by("two"))).toBe(leader === "a" ? "b" : "a");
  waiting.stop.abort();
  await waiting.ran;
});

test("who does not lead any more writes nothing, and may still read", async () => {
  await using world = await createTestWorld();
  let isLeading = true;
  const fenced = fencedClient(world.client, () => isLeading);
  const map = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
  };
  await fenced.create(ConfigMap, { ...map } as ConfigMap, world.context);
  isLeading = false;
  const key = { namespace: "default", name: "a" };
  await expect(fenced.delete(ConfigMap, key, world.context)).rejects.toThrow(LeadershipLostError);
  expect((await fenced.get(ConfigMap, key, world.context)).metadata.name).toBe("a");
});
