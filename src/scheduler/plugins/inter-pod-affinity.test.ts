import { describe, expect, test } from "vitest";
import type { Affinity, PodAffinityTerm } from "../../apis/core/v1/types.generated.ts";
import type { Node, Pod } from "../../client/builtin.ts";
import { aNode, aPod, aSnapshot, type PodWish } from "../testing.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";

const plugin = interPodAffinity((name) => (name === "blue" ? { color: "blue" } : undefined));
const zoned = (name: string, zone: string): Node => aNode(name, { labels: { zone } });
const nodes = [zoned("a", "z1"), zoned("b", "z1"), zoned("c", "z2"), aNode("d")];

const term = (app: string, extra: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey: "zone",
  labelSelector: { matchLabels: { app } },
  ...extra,
});
const near = (...terms: readonly PodAffinityTerm[]): Affinity => ({
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const far = (...terms: readonly PodAffinityTerm[]): Affinity => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const preferring = (weight: number, app: string): Affinity => {
  const terms = [{ weight: Math.abs(weight), podAffinityTerm: term(app) }];
  const wish = { preferredDuringSchedulingIgnoredDuringExecution: terms };
  return weight > 0 ? { podAffinity: wish } : { podAntiAffinity: wish };
};

function pod(app: string, affinity?: Affinity, wish: PodWish = {}): Pod {
  const spec = { ...wish.spec, ...(affinity === undefined ? {} : { affinity }) };
  return aPod(`${app}-${wish.spec?.nodeName ?? "new"}`, { labels: { app }, ...wish, spec });
}

const on = (nodeName: string, app: string, affinity?: Affinity, wish: PodWish = {}): Pod =>
  pod(app, affinity, { ...wish, spec: { nodeName } });

/** The nodes that fit, and the reason for the first that does not. */
function filtered(newcomer: Pod, pods: readonly Pod[]): string {
  const snapshot = aSnapshot(nodes, pods);
  const judgement = plugin.preFilter?.(newcomer, snapshot);
  const texts = snapshot.nodes.map((node) =>
    judgement?.kind === "judge" ? (judgement.filter?.(node) ?? []).join() : "",
  );
  const fitting = snapshot.nodes.filter((_, index) => texts[index] === "").map(({ name }) => name);
  const reason = texts.find((text) => text !== "") ?? "";
  return `${fitting.join(" ")}${reason === "" ? "" : `: ${reason}`}`;
}

const AFFINITY = "node(s) didn't match pod affinity rules";
const ANTI = "node(s) didn't match pod anti-affinity rules";
const OTHERS = "node(s) didn't satisfy existing pods anti-affinity rules";
const inNamespace = (namespace: string): PodWish => ({
  meta: { name: `in-${namespace}`, namespace, uid: namespace, labels: { app: "db" } },
});

describe("a pod", () => {
  for (const { name, newcomer, pods, is } of [
    {
      name: "without wishes goes anywhere",
      newcomer: pod("web"),
      pods: [on("a", "db")],
      is: "a b c d",
    },
    {
      name: "goes near its friends",
      newcomer: pod("web", near(term("db"))),
      pods: [on("a", "db")],
      is: `a b: ${AFFINITY}`,
    },
    {
      name: "waits for friends that are not there",
      newcomer: pod("web", near(term("db"))),
      pods: [],
      is: `: ${AFFINITY}`,
    },
    {
      name: "that is the first of its group goes to any domain",
      newcomer: pod("web", near(term("web"))),
      pods: [],
      is: `a b c: ${AFFINITY}`,
    },
    {
      name: "that is not the first goes to the others",
      newcomer: pod("web", near(term("web"))),
      pods: [on("c", "web")],
      is: `c: ${AFFINITY}`,
    },
    {
      name: "goes where one pod meets all its terms",
      newcomer: pod("web", near(term("db"), term("db", { topologyKey: "kubernetes.io/hostname" }))),
      pods: [on("a", "db")],
      is: `a: ${AFFINITY}`,
    },
    {
      name: "keeps away from its foes",
      newcomer: pod("web", far(term("web"))),
      pods: [on("a", "web")],
      is: `c d: ${ANTI}`,
    },
    {
      name: "keeps away from those that shun it",
      newcomer: pod("web"),
      pods: [on("a", "db", far(term("web")))],
      is: `c d: ${OTHERS}`,
    },
    {
      name: "does not mind those that shun others",
      newcomer: pod("web"),
      pods: [on("a", "db", far(term("api")))],
      is: "a b c d",
    },
    {
      name: "looks at its own namespace only",
      newcomer: pod("web", far(term("db"))),
      pods: [on("a", "db", undefined, inNamespace("other"))],
      is: "a b c d",
    },
    {
      name: "looks at the namespaces it names",
      newcomer: pod("web", far(term("db", { namespaces: ["other"] }))),
      pods: [on("a", "db", undefined, inNamespace("other"))],
      is: `c d: ${ANTI}`,
    },
    {
      name: "looks at all namespaces when told",
      newcomer: pod("web", far(term("db", { namespaceSelector: {} }))),
      pods: [on("a", "db", undefined, inNamespace("other"))],
      is: `c d: ${ANTI}`,
    },
    {
      name: "looks at the namespaces it selects",
      newcomer: pod(
        "web",
        far(term("db", { namespaceSelector: { matchLabels: { color: "blue" } } })),
      ),
      pods: [
        on("a", "db", undefined, inNamespace("blue")),
        on("c", "db", undefined, inNamespace("red")),
      ],
      is: `c d: ${ANTI}`,
    },
    {
      name: "without a selector has no foes",
      newcomer: pod("web", far({ topologyKey: "zone" })),
      pods: [on("a", "web")],
      is: "a b c d",
    },
    {
      name: "tells others apart by label keys",
      newcomer: pod("web", far(term("web", { mismatchLabelKeys: ["app"] }))),
      pods: [on("a", "web")],
      is: "a b c d",
    },
  ]) {
    test(name, () => expect(filtered(newcomer, pods)).toBe(is));
  }
});

describe("preferences", () => {
  function scores(newcomer: Pod, pods: readonly Pod[]): readonly number[] {
    const snapshot = aSnapshot(nodes, pods);
    const judgement = plugin.preFilter?.(newcomer, snapshot);
    if (judgement?.kind !== "judge") return [];
    const raw = snapshot.nodes.map((node) => judgement.score?.(node) ?? 0);
    return judgement.normalize?.(raw) ?? raw;
  }

  for (const { name, newcomer, pods, is } of [
    {
      name: "for others count for their domain",
      newcomer: pod("web", preferring(10, "db")),
      pods: [on("a", "db")],
      is: [100, 100, 0, 0],
    },
    {
      name: "against others count against it",
      newcomer: pod("web", preferring(-10, "db")),
      pods: [on("a", "db")],
      is: [0, 0, 100, 100],
    },
    {
      name: "of others count too",
      newcomer: pod("web"),
      pods: [on("a", "db", preferring(-10, "web")), on("c", "db", preferring(10, "web"))],
      is: [0, 0, 100, 50],
    },
    {
      name: "follow those that must be near",
      newcomer: pod("web"),
      pods: [on("c", "db", near(term("web")))],
      is: [0, 0, 100, 0],
    },
    {
      name: "that meet nobody say nothing",
      newcomer: pod("web", preferring(10, "db")),
      pods: [],
      is: [0, 0, 0, 0],
    },
  ]) {
    test(name, () => expect(scores(newcomer, pods)).toEqual(is));
  }
});
