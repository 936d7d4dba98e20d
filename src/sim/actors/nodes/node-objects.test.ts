/** Nodes with leases, under the controllers and the scheduler that look after them. */
import { expect, test } from "vitest";
import { Deployment, Node, Pod } from "../../../client/builtin.ts";
import { eventually } from "../../oracles/invariants.ts";
import { create } from "../../scenario/operation.ts";
import { systemOf } from "../../simulate.ts";
import { OWN_SYSTEMS } from "../../testing/own-systems.ts";
import { runWith } from "../../testing/probe.ts";

const plane = OWN_SYSTEMS.find(({ name }) => name === "all controllers together");
const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } };
const spec = { replicas: 2, selector: { matchLabels: labels }, template };
const wait = { name: "wait", run: () => Promise.resolve() };

const running = eventually("two pods run on nodes that are there", (state) => {
  const ready = state.list(Node).filter(({ status, spec: { taints = [] } }) => {
    const condition = status?.conditions?.find(({ type }) => type === "Ready");
    return condition?.status === "True" && taints.length === 0;
  });
  const pods = state.list(Pod).filter(({ status, metadata }) => {
    return status?.phase === "Running" && metadata.deletionTimestamp === undefined;
  });
  return (ready.length === 3 && pods.length === 2) || `${ready.length} nodes, ${pods.length} pods`;
});

/** What was written of pods and nodes, in turn: who did what, without what follows from it. */
async function written(taken: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const system = await systemOf({
    processes: plane?.processes ?? {},
    hasCollector: false,
    hasNodes: "objects",
    scenario: [create(Deployment, { metadata: { name: "web" }, spec }), wait],
    invariants: [running],
  });
  const { events, violation } = await runWith(system, taken);
  expect(violation).toBeUndefined();
  const since = events.findIndex(({ what }) => what === "DOES wait");
  return events
    .slice(since)
    .filter(({ actor }) => actor === "store")
    .flatMap(
      ({ what }) =>
        /^((?:create|delete|\S+\/status|create\/binding) (?:pods|nodes) .*) at \d+$/.exec(
          what,
        )?.[1] ?? [],
    )
    .map((what) =>
      what.replace("kube-controller-manager", "the plane").replace(/web-\w+-/, "web-"),
    );
}

test("nodes that renew their leases are left alone", async () => {
  expect(await written({})).toEqual([]);
}, 60_000);

test("one that does not is given up, its pods are made anew elsewhere; it comes back", async () => {
  const dies = { 'node: node-2 after "wait"': "dies for 15min" };
  expect(await written(dies)).toEqual([
    "update/status nodes node-2 by the plane",
    "update/status pods default/web-<2> by the plane",
    "update/status pods default/web-<2> by the plane",
    "delete pods default/web-<2> by the plane",
    "create pods default/web-<3> by the plane",
    "create/binding pods default/web-<3> by the plane",
    "patch/status pods default/web-<3> by nodes",
    "delete pods default/web-<2> by nodes",
    "patch/status nodes node-2 by nodes",
  ]);
}, 60_000);
