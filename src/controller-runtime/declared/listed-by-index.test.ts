/** `ctx.list` by an index, of the local view and of what the server is asked for. */
import { expect, test } from "vitest";
import { ConfigMap, Namespace, Secret } from "../../client/builtin.ts";
import { index } from "../../informer/typed-index.ts";
import { queryOfLabels } from "../../machinery/labels.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { controller, watches } from "./controller.ts";

const MAPS = ["a", "b", "c", "d"].map((name, place) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", labels: { size: place < 2 ? "small" : "large" } },
  data: { team: place % 2 === 0 ? "red" : "blue" },
}));

test("what an index finds is listed, and nothing else is read for it", async () => {
  let reads = 0;
  const byTeam = index(ConfigMap, ({ data = {} }) => {
    reads += 1;
    return [data["team"] ?? ""];
  });
  const found: string[][] = [];
  const readsBefore: number[] = [];
  const spaces = controller(Namespace, {
    watches: [watches(ConfigMap, () => [])],
    every: "1m",
    reconcile: async ({ metadata }, ctx) => {
      if (metadata.name !== "default") return ctx.done();
      const by = { index: byTeam, value: "red" };
      const names = async (options: object): Promise<string[]> => {
        const listed = await ctx.list(ConfigMap, { namespace: "default", by, ...options });
        return listed.map((each) => each.metadata.name ?? "");
      };
      found.push(await names({}), await names({ labels: queryOfLabels({ size: "large" }) }));
      readsBefore.push(reads);
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ manifests: MAPS, hasControllers: false });
  world.manage(spaces);
  await world.advance("5m");
  expect(found.length).toBeGreaterThan(4);
  expect(new Set(found.map(String))).toEqual(new Set(["a,c", "c"]));
  expect(new Set(readsBefore).size).toBe(1);
});

test("of a kind without a view, the server's answer is looked through", async () => {
  const byType = index(Secret, ({ type = "" }) => [type]);
  const found: (readonly (string | undefined)[])[] = [];
  const spaces = controller(Namespace, {
    reconcile: async ({ metadata }, ctx) => {
      const by = { index: byType, value: "example.dev/key" };
      const listed = await ctx.list(Secret, { namespace: "default", by });
      if (metadata.name === "default") found.push(listed.map((each) => each.metadata.name));
      return ctx.done();
    },
  });
  const secret = (name: string, type: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    type,
  });
  const manifests = [secret("a", "Opaque"), secret("b", "example.dev/key")];
  await using world = await createTestWorld({ manifests, hasControllers: false });
  world.manage(spaces);
  expect(await world.eventually(() => Promise.resolve(found[0]))).toEqual(["b"]);
});
