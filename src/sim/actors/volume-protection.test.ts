import { expect, test } from "vitest";
import { PersistentVolume, PersistentVolumeClaim, Pod } from "../../client/builtin.ts";
import { eventually } from "../oracles/invariants.ts";
import { create, remove } from "../scenario/operation.ts";
import { simulate } from "../simulate.ts";

const claim = create(PersistentVolumeClaim, {
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
});
const volume = create(PersistentVolume, {
  metadata: { name: "disk" },
  spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/d" } },
});
const pod = create(Pod, {
  metadata: { name: "web" },
  spec: {
    containers: [{ name: "web", image: "web" }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
  },
});

test("a claim and a volume that are deleted go when nobody uses them", async () => {
  const scenario = [
    claim,
    volume,
    remove(PersistentVolumeClaim, "data"),
    remove(PersistentVolume, "disk"),
  ];
  const gone = eventually("all is gone", (state) => {
    return state.list(PersistentVolumeClaim).length + state.list(PersistentVolume).length === 0;
  });
  const report = await simulate({ scenario, invariants: [gone], runs: 10, tapes: "" });
  expect(report.runs).toBe(10);
});

test("a claim that a pod on a node uses stays until the pod is gone", async () => {
  const stays = eventually("the claim stays", (state) => {
    const isThere = state.get(PersistentVolumeClaim, "data") !== undefined;
    return isThere === (state.get(Pod, "web") !== undefined);
  });
  const using = [claim, pod, remove(PersistentVolumeClaim, "data")];
  const without = ["no stuck deletion"];
  const few = { invariants: [stays], without, runs: 1, tapes: "" };
  await simulate({ ...few, scenario: using });
  await simulate({ ...few, scenario: [...using, remove(Pod, "web")] });
});
