import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import { CALM } from "../choices/choices.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import { create } from "../scenario/operation.ts";
import { probeSystem } from "../testing/probe.ts";
import { runCompared } from "./references.ts";

const operations = ["a", "b"].map((name) => create(ConfigMap, { metadata: { name } }));

/** Tells which of the two the reference has. */
const tells: MakeOracle = () => ({
  name: "tells",
  atRest: ({ reference }) => {
    if (reference === undefined) return "nothing to compare with";
    return (
      [...reference.wanted.keys()].filter((key) => /default\/[ab]$/.test(key)).join() || "none"
    );
  },
});

test("each choice of operations is compared with a calm run of the same, made once", async () => {
  let lives = 0;
  const act = () => {
    lives += 1;
    return Promise.resolve("idle");
  };
  const { system } = await probeSystem(act, { operations, oracles: [tells] });
  const own = { ...system, needsReference: true };
  const compared = async (seed: number, ...skipped: readonly number[]) => {
    const spec = { seed, source: CALM, skipped: new Set(skipped) };
    return (await runCompared(own, spec)).violation?.message;
  };
  expect(await compared(1)).toBe("configmaps default/a,configmaps default/b");
  expect(await compared(2, 0)).toBe("configmaps default/b");
  const before = lives;
  expect(await compared(3, 0)).toBe("configmaps default/b");
  expect(lives - before).toBe(1);
  expect(await compared(1, 0, 1)).toBe("none");
});

test("no run is made for who does not compare", async () => {
  const { system } = await probeSystem(() => Promise.resolve("idle"), { oracles: [tells] });
  const { violation } = await runCompared(system, { seed: 1, source: CALM });
  expect(violation?.message).toBe("nothing to compare with");
});
