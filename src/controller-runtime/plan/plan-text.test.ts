import { expect, test } from "vitest";
import { PLAN_LIMITS, type Plan, type PlannedRun, type PlannedWrite } from "./plan.ts";
import { planText } from "./plan-text.ts";

const WRITE: PlannedWrite = {
  effect: "change",
  call: "patch (apply)",
  apiVersion: "apps/v1",
  kind: "Deployment",
  key: "default/home",
  subresource: "",
  changes: [{ path: "spec.replicas", before: "1", after: "2" }],
  hasMore: false,
  note: undefined,
};

const RUN: PlannedRun = {
  key: "default/home",
  writes: [WRITE],
  events: [],
  outside: [],
  end: { kind: "done" },
};

function planWith(...runs: readonly PlannedRun[]): Plan {
  return { controller: "sites", at: "2026-01-01T00:00:00Z", runs, leftOut: 0, limits: PLAN_LIMITS };
}

test("an object a paragraph: what would change, what it would tell, and how it ends", () => {
  const text = planText(
    planWith(
      {
        ...RUN,
        writes: [
          {
            ...WRITE,
            effect: "create",
            changes: [
              { path: "spec.replicas", before: undefined, after: "2" },
              { path: "spec.paused", before: undefined, after: "false", isAdded: true },
            ],
          },
          { ...WRITE, kind: "ConfigMap", effect: "nothing", changes: [] },
          { ...WRITE, kind: "Site", subresource: "status", hasMore: true },
          { ...WRITE, kind: "Secret", key: "default/old", effect: "delete", changes: [] },
        ],
        outside: ["create the record home.example.dev"],
        events: [{ type: "Normal", reason: "Deployed", message: "it is deployed" }],
        end: { kind: "waiting", for: ["Deployment default/home: ready"] },
      },
      { ...RUN, key: "default/ok", writes: [] },
      {
        ...RUN,
        key: "default/poor",
        writes: [{ ...WRITE, effect: "refused", changes: [], note: "quota exceeded" }],
        end: { kind: "failed", error: "quota exceeded" },
      },
    ),
  );
  const [plan = "", limits = ""] = text.split("\nLimits of this plan:\n");
  expect(plan).toBe(`sites: 3 objects looked at, 1 would make changes, 1 would fail

default/home
  create    Deployment default/home
              spec.replicas: 2
              and 1 by default
  change    Site default/home status
              spec.replicas: 1 -> 2
              and more fields
  delete    Secret default/old
  outside   create the record home.example.dev
  event     Normal Deployed: it is deployed
  then      waits for Deployment default/home: ready; what comes is not known

default/poor
  refused: patch (apply) Deployment default/home (quota exceeded)
  fails     quota exceeded

as they should be: default/ok
`);
  expect(limits.split("\n")).toHaveLength(PLAN_LIMITS.length + 1);
});

test("what others wrote cannot steer a terminal, nor look like a line of the plan", () => {
  const evil = "\u001b[2J\u0007\nsites: all is well\u202e\u009b\r";
  const text = planText(
    planWith({
      ...RUN,
      key: evil,
      writes: [
        { ...WRITE, kind: evil, note: evil, changes: [{ path: evil, before: evil, after: evil }] },
      ],
      events: [{ type: "Warning", reason: evil, message: evil }],
      outside: [evil],
      end: { kind: "failed", error: evil },
    }),
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  expect(text).not.toMatch(/^sites: all/m);
  expect(text).toContain("\\u001b[2J");
});
