import { describe, expect, test } from "vitest";
import { findCondition } from "../../machinery/conditions.ts";
import type { Taint } from "./node-views.ts";
import { evictionPace, plannedTaints, silentConditions } from "./plan.ts";
import { aNode, taintTexts } from "./testing.ts";

const NOW = "2026-01-01T00:00:00Z";
const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";

function taint(key: string, effect: string): Taint {
  return { key, effect, timeAdded: "2025-12-31T00:00:00Z" };
}

describe("conditions of a silent node", () => {
  test("those an agent reports become unknown, others stay", () => {
    const node = aNode("n", {
      ready: "True",
      conditions: [
        { type: "DiskPressure", status: "False", lastHeartbeatTime: "then" },
        { type: "MemoryPressure", status: "Unknown", reason: "Before" },
        { type: "NetworkUnavailable", status: "False" },
      ],
    });
    const next = silentConditions(node, NOW);
    expect(next.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
      "Ready Unknown NodeStatusUnknown",
      "DiskPressure Unknown NodeStatusUnknown",
      "MemoryPressure Unknown Before",
      "NetworkUnavailable False undefined",
      "PIDPressure Unknown NodeStatusNeverUpdated",
    ]);
    expect(findCondition(next, "DiskPressure")).toMatchObject({
      lastHeartbeatTime: "then",
      lastTransitionTime: NOW,
    });
  });

  test("nothing is written twice", () => {
    const conditions = silentConditions(aNode("n", { ready: "True" }), NOW);
    expect(silentConditions(aNode("n", { conditions }), "later")).toBe(conditions);
  });
});

describe("taints of a node", () => {
  const foreign = taint("mine", "NoExecute");
  const cases = [
    { name: "ready: none", node: aNode("n", { ready: "True" }), wanted: undefined },
    { name: "has not said yet: none", node: aNode("n"), wanted: undefined },
    {
      name: "not ready: kept free of new pods, and emptied",
      node: aNode("n", { ready: "False" }),
      wanted: [`${NOT_READY}:NoSchedule`, `${NOT_READY}:NoExecute`],
    },
    {
      name: "unknown: the same as unreachable",
      node: aNode("n", { ready: "Unknown" }),
      wanted: [`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`],
    },
    {
      name: "emptying waits for its turn",
      node: aNode("n", { ready: "Unknown" }),
      mayEvict: false,
      wanted: [`${UNREACHABLE}:NoSchedule`],
    },
    {
      name: "from not ready to unreachable without another turn; taints of others stay",
      node: aNode("n", {
        ready: "Unknown",
        taints: [foreign, taint(NOT_READY, "NoSchedule"), taint(NOT_READY, "NoExecute")],
      }),
      mayEvict: false,
      wanted: ["mine:NoExecute", `${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`],
    },
    {
      name: "ready again: taken back",
      node: aNode("n", {
        ready: "True",
        taints: [taint(UNREACHABLE, "NoSchedule"), taint(UNREACHABLE, "NoExecute"), foreign],
      }),
      wanted: ["mine:NoExecute"],
    },
    {
      name: "no node is ready: emptying is taken back",
      node: aNode("n", {
        ready: "Unknown",
        taints: [taint(UNREACHABLE, "NoSchedule"), taint(UNREACHABLE, "NoExecute")],
      }),
      isDisrupted: true,
      wanted: [`${UNREACHABLE}:NoSchedule`],
    },
    {
      name: "pressures and cordon keep new pods away, and drive none off",
      node: aNode("n", {
        ready: "True",
        isUnschedulable: true,
        conditions: [
          { type: "DiskPressure", status: "True" },
          { type: "MemoryPressure", status: "False" },
        ],
      }),
      wanted: [
        "node.kubernetes.io/disk-pressure:NoSchedule",
        "node.kubernetes.io/unschedulable:NoSchedule",
      ],
    },
    {
      name: "as it should be: nothing to write",
      node: aNode("n", {
        ready: "False",
        taints: [taint(NOT_READY, "NoExecute"), taint(NOT_READY, "NoSchedule")],
      }),
      wanted: undefined,
    },
  ];
  for (const { name, node, mayEvict = true, isDisrupted = false, wanted } of cases) {
    test(name, () => {
      const situation = { isDisrupted, mayEvict: () => mayEvict, now: NOW };
      const taints = plannedTaints(node, situation);
      expect(taints === undefined ? undefined : taintTexts(taints)).toEqual(wanted);
      const old = node.spec.taints ?? [];
      for (const one of taints ?? []) expect(one.timeAdded === NOW).toBe(!old.includes(one));
    });
  }

  test("a turn is not taken where none is needed", () => {
    const mayEvict = (): boolean => {
      throw new Error("asked");
    };
    const situation = { isDisrupted: false, mayEvict, now: NOW };
    plannedTaints(aNode("n", { ready: "True" }), situation);
    const taints = [taint(UNREACHABLE, "NoExecute")];
    plannedTaints(aNode("n", { ready: "Unknown", taints }), situation);
  });
});

describe("pace of evictions", () => {
  const rates = { evictionsPerSecond: 0.1, troubledEvictionsPerSecond: 0.01 };
  for (const [total, troubled, expected] of [
    [0, 0, 0.1],
    [1, 1, "disrupted"],
    [3, 3, "disrupted"],
    [3, 1, 0.1],
    [3, 2, 0.1], // two are few, whatever their share
    [5, 3, 0],
    [50, 28, 0],
    [51, 28, 0.1], // 54.9 %
    [51, 29, 0.01],
  ] as const) {
    test(`${troubled} of ${total} nodes in trouble: ${expected}`, () => {
      const pace = evictionPace({ total, troubled }, rates);
      expect(pace.kind === "disrupted" ? pace.kind : pace.perSecond).toBe(expected);
    });
  }
});
