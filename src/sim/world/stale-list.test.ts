import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { create } from "../scenario/operation.ts";
import { probeSystem, runWith } from "../testing/probe.ts";

const operations = Array.from({ length: 8 }, (_, nth) => {
  return create(ConfigMap, { metadata: { name: `c${nth + 1}` } });
});
const CRASH = 'world: probe after "create ConfigMap c8"';
/** The eighth write is there when the process begins its second life and lists. */
const LIST = "list: probe's configmaps";

/** What each life of a process found that asks as a view does. */
async function lists(taken: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const probe = await probeSystem(
    async (client, context) => {
      const options = {
        sendInitialEvents: true,
        allowBookmarks: true,
        resourceVersionMatch: "NotOlderThan",
      } as const;
      try {
        const events = await client.watch(ConfigMap, options, context);
        for await (const _ of events) return "streamed";
      } catch {
        const { items } = await client.list(ConfigMap, { resourceVersion: "0" }, context);
        const names = items.map(({ metadata }) => metadata.name ?? "");
        return names.filter((name) => name.startsWith("c")).join(" ");
      }
      return "the stream ended";
    },
    { operations },
  );
  await runWith(probe.system, { [CRASH]: "crash", ...taken });
  return probe.told;
}

test("without a decision the list of a new life is of now", async () => {
  expect((await lists({})).at(-1)).toBe("streamed");
});

const STALE: Readonly<Record<string, string>> = {
  "5 behind": "c1 c2 c3",
  "20 behind": "",
  "from the beginning": "",
};

for (const [option, names] of Object.entries(STALE)) {
  test(`${option}: a replica answers as it was then, and never as before the run`, async () => {
    expect((await lists({ [LIST]: option })).at(-1)).toBe(names);
  });
}

test("the list that comes after one from the past is of now again", async () => {
  const again = "world: probe late 1";
  const told = await lists({ [LIST]: "from the beginning", [again]: "crash" });
  expect(told.slice(-2)).toEqual(["", "streamed"]);
});
