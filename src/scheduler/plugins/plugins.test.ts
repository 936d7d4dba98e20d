import { describe, expect, test } from "vitest";
import type { Node, Pod } from "../../client/builtin.ts";
import type { Plugin } from "../framework.ts";
import { aContainer, aNode, aPod, aSnapshot } from "../testing.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { ownerSpread } from "./owner-spread.ts";
import { resourcesFit } from "./resources-fit.ts";
import { schedulingGates } from "./scheduling-gates.ts";
import { taintToleration } from "./taint-toleration.ts";
import { topologySpread } from "./topology-spread.ts";

type Case = { readonly pod: Pod; readonly nodes: readonly Node[]; readonly pods?: readonly Pod[] };

/** What the plugin says to each node: "" it fits. */
function filterTexts(plugin: Plugin, { pod, nodes, pods }: Case): readonly string[] {
  const snapshot = aSnapshot(nodes, pods);
  const judgement = plugin.preFilter?.(pod, snapshot);
  return snapshot.nodes.map((node) =>
    judgement?.kind === "judge" ? (judgement.filter?.(node) ?? []).join(", ") : "",
  );
}

/** What the plugin gives each node, 0 to 100. */
function scores(plugin: Plugin, { pod, nodes, pods }: Case): readonly number[] {
  const snapshot = aSnapshot(nodes, pods);
  const judgement = plugin.preFilter?.(pod, snapshot);
  if (judgement?.kind !== "judge") return snapshot.nodes.map(() => 0);
  const raw = snapshot.nodes.map((node) => judgement.score?.(node) ?? 0);
  return judgement.normalize?.(raw) ?? raw;
}

const on = (node: string, pod: Pod): Pod => ({ ...pod, spec: { ...pod.spec, nodeName: node } });

test("gates hold a pod back, by name", () => {
  const gated = aPod("p", { spec: { schedulingGates: [{ name: "a" }, { name: "b" }] } });
  expect(schedulingGates.preEnqueue?.(gated)).toBe("waiting for scheduling gates: [a b]");
  expect(schedulingGates.preEnqueue?.(aPod())).toBeUndefined();
});

test("a pod that names its node goes there only", () => {
  const pod = aPod("p", { spec: { nodeName: "b" } });
  expect(filterTexts(nodeName, { pod, nodes: [aNode("a"), aNode("b")] })).toEqual([
    "node(s) didn't match the requested node name",
    "",
  ]);
});

describe("a cordoned node", () => {
  const nodes = [aNode("a"), aNode("b", { spec: { unschedulable: true } })];

  test("takes no pods", () => {
    const reasons = ["", "node(s) were unschedulable"];
    expect(filterTexts(nodeUnschedulable, { pod: aPod(), nodes })).toEqual(reasons);
  });

  test("takes pods that tolerate it", () => {
    const tolerations = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }];
    const pod = aPod("p", { spec: { tolerations } });
    expect(filterTexts(nodeUnschedulable, { pod, nodes })).toEqual(["", ""]);
  });
});

describe("a taint", () => {
  const taint = { key: "team", value: "a", effect: "NoSchedule" };
  for (const { name, toleration, isTolerated } of [
    {
      name: "of the same key and value",
      toleration: { key: "team", value: "a" },
      isTolerated: true,
    },
    { name: "of another value", toleration: { key: "team", value: "b" }, isTolerated: false },
    { name: "of another key", toleration: { key: "crew", value: "a" }, isTolerated: false },
    {
      name: "that the key exists",
      toleration: { key: "team", operator: "Exists" },
      isTolerated: true,
    },
    { name: "of everything", toleration: { operator: "Exists" }, isTolerated: true },
    {
      name: "of this effect",
      toleration: { key: "team", operator: "Equal", value: "a", effect: "NoSchedule" },
      isTolerated: true,
    },
    {
      name: "of another effect",
      toleration: { key: "team", value: "a", effect: "NoExecute" },
      isTolerated: false,
    },
    { name: "without a key", toleration: { value: "a" }, isTolerated: false },
    {
      name: "of an unknown operator",
      toleration: { key: "team", operator: "Like" },
      isTolerated: false,
    },
  ]) {
    test(`is ${isTolerated ? "" : "not "}met by a toleration ${name}`, () => {
      const pod = aPod("p", { spec: { tolerations: [toleration] } });
      const nodes = [aNode("a", { spec: { taints: [taint] } })];
      const reasons = [isTolerated ? "" : "node(s) had untolerated taint(s)"];
      expect(filterTexts(taintToleration, { pod, nodes })).toEqual(reasons);
    });
  }

  test("keeps pods away by the effects NoSchedule and NoExecute only", () => {
    const effects = ["NoExecute", "NoSchedule", "PreferNoSchedule"];
    const nodes = effects.map((effect) =>
      aNode(effect, { spec: { taints: [{ key: "k", effect }] } }),
    );
    const reason = "node(s) had untolerated taint(s)";
    expect(filterTexts(taintToleration, { pod: aPod(), nodes })).toEqual([reason, reason, ""]);
  });

  test("of PreferNoSchedule counts against a node", () => {
    const mild = (key: string): { key: string; effect: string } => ({
      key,
      effect: "PreferNoSchedule",
    });
    const nodes = [
      aNode("a", { spec: { taints: [mild("x"), mild("y")] } }),
      aNode("b", { spec: { taints: [mild("x")] } }),
      aNode("c"),
    ];
    expect(scores(taintToleration, { pod: aPod(), nodes })).toEqual([0, 50, 100]);
    const tolerant = aPod("p", { spec: { tolerations: [{ key: "y", operator: "Exists" }] } });
    expect(scores(taintToleration, { pod: tolerant, nodes })).toEqual([0, 0, 100]);
  });
});

describe("a pod selects nodes", () => {
  const nodes = [
    aNode("a", { labels: { disk: "ssd", cores: "8" } }),
    aNode("b", { labels: { disk: "hdd", cores: "16" } }),
    aNode("c"),
  ];
  const refusal = "node(s) didn't match Pod's node affinity/selector";

  /** The nodes that fit. */
  const fitting = (spec: Pod["spec"]): string =>
    filterTexts(nodeAffinity, { pod: aPod("p", { spec }), nodes })
      .flatMap((text, index) => (text === "" ? [nodes[index]?.metadata.name] : []))
      .join(" ");
  const required = (...nodeSelectorTerms: readonly object[]): Pod["spec"] => ({
    containers: [],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: nodeSelectorTerms.map((term) => ({ ...term })),
        },
      },
    },
  });
  const labeled = (key: string, operator: string, ...values: readonly string[]): object => ({
    matchExpressions: [{ key, operator, values }],
  });

  test("by labels, with one reason for all others", () => {
    expect(fitting({ containers: [], nodeSelector: { disk: "ssd" } })).toBe("a");
    const pod = aPod("p", { spec: { nodeSelector: { disk: "tape" } } });
    expect(filterTexts(nodeAffinity, { pod, nodes })).toEqual([refusal, refusal, refusal]);
  });

  for (const { terms, is } of [
    { terms: [labeled("disk", "In", "ssd", "nvme")], is: "a" },
    { terms: [labeled("disk", "NotIn", "ssd")], is: "b c" },
    { terms: [labeled("disk", "Exists")], is: "a b" },
    { terms: [labeled("disk", "DoesNotExist")], is: "c" },
    { terms: [labeled("cores", "Gt", "8")], is: "b" },
    { terms: [labeled("cores", "Lt", "16")], is: "a" },
    { terms: [labeled("disk", "Gt", "8")], is: "" },
    { terms: [labeled("cores", "Gt", "many")], is: "" },
    { terms: [labeled("disk", "Resembles", "ssd")], is: "" },
    { terms: [labeled("disk", "In", "ssd"), labeled("disk", "DoesNotExist")], is: "a c" },
    {
      terms: [
        {
          ...labeled("disk", "Exists"),
          matchFields: [{ key: "metadata.name", operator: "In", values: ["b"] }],
        },
      ],
      is: "b",
    },
    { terms: [{}], is: "" },
    { terms: [], is: "" },
    { terms: [labeled("__proto__", "Exists")], is: "" },
  ]) {
    test(`by the terms ${JSON.stringify(terms)}`, () =>
      expect(fitting(required(...terms))).toBe(is));
  }

  test("by selector and affinity together", () => {
    const spec = { ...required(labeled("disk", "Exists")), nodeSelector: { cores: "16" } };
    expect(fitting(spec)).toBe("b");
  });

  test("by preference, weighed", () => {
    const preferredDuringSchedulingIgnoredDuringExecution = [
      { weight: 30, preference: labeled("disk", "Exists") },
      { weight: 10, preference: labeled("disk", "In", "ssd") },
      { weight: 99, preference: {} },
    ];
    const nodeAffinitySpec = { preferredDuringSchedulingIgnoredDuringExecution };
    const pod = aPod("p", { spec: { affinity: { nodeAffinity: nodeAffinitySpec } } });
    expect(scores(nodeAffinity, { pod, nodes })).toEqual([100, 75, 0]);
  });
});

describe("a host port", () => {
  const using = (name: string, port: object): Pod =>
    aPod(name, {
      spec: { containers: [{ ...aContainer(), ports: [{ containerPort: 80, ...port }] }] },
    });
  for (const { name, wanted, used, isFree } of [
    { name: "is taken once", wanted: { hostPort: 80 }, used: { hostPort: 80 }, isFree: false },
    {
      name: "is another on another number",
      wanted: { hostPort: 80 },
      used: { hostPort: 81 },
      isFree: true,
    },
    {
      name: "is another on another protocol",
      wanted: { hostPort: 80, protocol: "UDP" },
      used: { hostPort: 80 },
      isFree: true,
    },
    {
      name: "is another on another address",
      wanted: { hostPort: 80, hostIP: "10.0.0.1" },
      used: { hostPort: 80, hostIP: "10.0.0.2" },
      isFree: true,
    },
    {
      name: "of every address takes each",
      wanted: { hostPort: 80, hostIP: "10.0.0.1" },
      used: { hostPort: 80 },
      isFree: false,
    },
    {
      name: "of one address takes it from every",
      wanted: { hostPort: 80, hostIP: "0.0.0.0" },
      used: { hostPort: 80, hostIP: "10.0.0.1" },
      isFree: false,
    },
    {
      name: "is none of the container's own ports",
      wanted: {},
      used: { hostPort: 80 },
      isFree: true,
    },
  ]) {
    test(name, () => {
      const text = filterTexts(nodePorts, {
        pod: using("p", wanted),
        nodes: [aNode("a")],
        pods: [on("a", using("q", used))],
      });
      const reason = "node(s) didn't have free ports for the requested pod ports";
      expect(text).toEqual([isFree ? "" : reason]);
    });
  }
});

describe("resources", () => {
  const used = on("a", aPod("q", { requests: { cpu: "3", memory: "6Gi" } }));
  for (const { requests, allocatable, is } of [
    { requests: { cpu: "1", memory: "2Gi" }, allocatable: {}, is: "" },
    { requests: { cpu: "1001m" }, allocatable: {}, is: "Insufficient cpu" },
    {
      requests: { memory: "3Gi", cpu: "2" },
      allocatable: {},
      is: "Insufficient cpu, Insufficient memory",
    },
    { requests: { "example.com/gpu": "1" }, allocatable: {}, is: "Insufficient example.com/gpu" },
    { requests: { "example.com/gpu": "1" }, allocatable: { "example.com/gpu": "1" }, is: "" },
    {
      requests: { "a.com/x": "1", "ephemeral-storage": "1", cpu: "9" },
      allocatable: {},
      is: "Insufficient cpu, Insufficient ephemeral-storage, Insufficient a.com/x",
    },
    { requests: {}, allocatable: { pods: "1" }, is: "Too many pods" },
    { requests: { cpu: "0" }, allocatable: { cpu: "0" }, is: "" },
  ]) {
    test(`${JSON.stringify(requests)} on ${JSON.stringify(allocatable)}: "${is}"`, () => {
      const nodes = [aNode("a", { allocatable })];
      const texts = filterTexts(resourcesFit, {
        pod: aPod("p", { requests }),
        nodes,
        pods: [used],
      });
      expect(texts).toEqual([is]);
    });
  }

  test("the emptier node is better, pods that ask for nothing counted too", () => {
    const nodes = [
      aNode("a"),
      aNode("b"),
      aNode("c", { allocatable: { cpu: "8", memory: "16Gi" } }),
    ];
    const idle = on("b", aPod("idle"));
    const requests = { cpu: "1", memory: "2Gi" };
    const pod = aPod("p", { requests });
    expect(scores(resourcesFit, { pod, nodes, pods: [used, idle] })).toEqual([0, 72, 87]);
  });
});

describe("pods of one owner", () => {
  test("count against a node, those on their way out and those of others do not", () => {
    const nodes = [aNode("a"), aNode("b"), aNode("c")];
    const mine = (name: string): Pod => aPod(name, { owner: "rs" });
    const leaving = aPod("x", {
      owner: "rs",
      meta: {
        name: "x",
        uid: "x",
        namespace: "default",
        deletionTimestamp: "2026-01-01T00:00:00Z",
      },
    });
    const pods = [
      on("a", mine("1")),
      on("a", mine("2")),
      on("b", mine("3")),
      on("c", aPod("o", { owner: "other" })),
      on("c", leaving),
    ];
    expect(scores(ownerSpread, { pod: mine("4"), nodes, pods })).toEqual([0, 50, 100]);
  });
});

describe("topology spread", () => {
  const zoned = (name: string, zone: string): Node => aNode(name, { labels: { zone } });
  const nodes = [zoned("a", "z1"), zoned("b", "z1"), zoned("c", "z2"), aNode("d")];
  const labels = { app: "web" };
  const spread = (extra: object): Pod =>
    aPod("p", {
      labels,
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "zone",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: labels },
            ...extra,
          },
        ],
      },
    });
  const web = (name: string, node: string, more: object = {}): Pod =>
    on(node, aPod(name, { labels: { ...labels, ...more } }));
  const NO = "node(s) didn't match pod topology spread constraints";
  const NO_LABEL = `${NO} (missing required label)`;

  for (const { name, extra, pods, is } of [
    { name: "takes any domain when all are even", extra: {}, pods: [], is: ["", "", "", NO_LABEL] },
    {
      name: "refuses a domain that is ahead",
      extra: {},
      pods: [web("1", "a")],
      is: [NO, NO, "", NO_LABEL],
    },
    {
      name: "allows the skew it is told",
      extra: { maxSkew: 2 },
      pods: [web("1", "a")],
      is: ["", "", "", NO_LABEL],
    },
    {
      name: "counts whole domains",
      extra: {},
      pods: [web("1", "a"), web("2", "b"), web("3", "c")],
      is: [NO, NO, "", NO_LABEL],
    },
    {
      name: "counts only what it selects",
      extra: {},
      pods: [on("a", aPod("o"))],
      is: ["", "", "", NO_LABEL],
    },
    {
      name: "with too few domains counts from zero",
      extra: { minDomains: 3 },
      pods: [web("1", "a"), web("2", "c")],
      is: [NO, NO, NO, NO_LABEL],
    },
    {
      name: "tells pods apart by label keys",
      extra: { matchLabelKeys: ["hash"] },
      pods: [web("1", "a", { hash: "old" })],
      is: ["", "", "", NO_LABEL],
    },
    {
      name: "without a selector counts none",
      extra: { labelSelector: undefined },
      pods: [web("1", "a")],
      is: ["", "", "", NO_LABEL],
    },
  ]) {
    test(name, () => {
      const pod = spread(extra);
      const own = name.includes("label keys") ? { ...labels, hash: "new" } : labels;
      const texts = filterTexts(topologySpread, {
        pod: { ...pod, metadata: { ...pod.metadata, labels: own } },
        nodes,
        pods,
      });
      expect(texts).toEqual(is);
    });
  }

  test("leaves domains out that the pod cannot go to", () => {
    const pod = spread({});
    const chosen = { ...pod, spec: { ...pod.spec, nodeSelector: { zone: "z1" } } };
    const pods = [web("1", "a")];
    expect(filterTexts(topologySpread, { pod: chosen, nodes, pods }).slice(0, 2)).toEqual(["", ""]);
    const tainted = [
      zoned("a", "z1"),
      aNode("c", {
        labels: { zone: "z2" },
        spec: { taints: [{ key: "k", effect: "NoSchedule" }] },
      }),
    ];
    expect(filterTexts(topologySpread, { pod: spread({}), nodes: tainted, pods })).toEqual([
      NO,
      "",
    ]);
    const honoring = spread({ nodeTaintsPolicy: "Honor" });
    expect(filterTexts(topologySpread, { pod: honoring, nodes: tainted, pods })[0]).toBe("");
  });

  test("that is soft only prefers", () => {
    const pod = spread({ whenUnsatisfiable: "ScheduleAnyway" });
    const pods = [web("1", "a"), web("2", "b"), web("3", "c")];
    expect(filterTexts(topologySpread, { pod, nodes, pods })).toEqual(["", "", "", ""]);
    expect(scores(topologySpread, { pod, nodes, pods })).toEqual([33, 33, 100, 0]);
  });
});
