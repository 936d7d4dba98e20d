import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EndpointSlice, Pod, Service } from "../../client/builtin.ts";
import { MANAGED_BY, planSlices, SLICE_ENDPOINTS_MAX, type SlicePlan } from "./plan.ts";
import { aPod, aService } from "./testing.ts";

const pods = (count: number, from = 0): readonly Pod[] =>
  Array.from({ length: count }, (_, index) =>
    aPod({ name: `web-${String(from + index).padStart(3, "0")}` }),
  );

let names = 0;

/** What the server would have after the plan was carried out. */
function carriedOut(slices: readonly EndpointSlice[], plan: SlicePlan): readonly EndpointSlice[] {
  const gone = new Set(plan.remove.map(({ metadata }) => metadata.name));
  const changed = new Map(plan.update.map((slice) => [slice.metadata.name, slice]));
  const created = plan.create.map((slice) => {
    names += 1;
    const name = `web-slice-${names}`;
    return { ...slice, metadata: { ...slice.metadata, name, uid: name } };
  });
  const kept = slices.filter(({ metadata }) => !gone.has(metadata.name));
  return [...kept.map((slice) => changed.get(slice.metadata.name) ?? slice), ...created];
}

function settled(
  service: Service,
  selected: readonly Pod[],
  before: readonly EndpointSlice[] = [],
): readonly EndpointSlice[] {
  return carriedOut(before, planSlices(service, selected, before));
}

const sizes = (slices: readonly EndpointSlice[]): readonly number[] =>
  slices.map(({ endpoints = [] }) => endpoints.length);
const writes = (plan: SlicePlan): readonly number[] => [
  plan.create.length,
  plan.update.length,
  plan.remove.length,
];
const without = (selected: readonly Pod[], ...indexes: readonly number[]): readonly Pod[] =>
  selected.filter((_, index) => !indexes.includes(index));

describe("the first slice of a service", () => {
  test("is named after it, owned by it, and found by its labels", () => {
    const service = aService({}, { labels: { team: "a" } });
    expect(planSlices(service, pods(1), []).create).toMatchObject([
      {
        metadata: {
          generateName: "web-",
          namespace: "default",
          labels: {
            team: "a",
            "kubernetes.io/service-name": "web",
            "endpointslice.kubernetes.io/managed-by": MANAGED_BY,
          },
          ownerReferences: [{ kind: "Service", uid: "service-uid", controller: true }],
        },
        addressType: "IPv4",
        endpoints: [{ addresses: ["127.64.0.1"] }],
        ports: [{ name: "", port: 8080, protocol: "TCP" }],
      },
    ]);
  });

  test("is there although there are no pods, and then gets the first of them", () => {
    const empty = settled(aService(), []);
    expect(empty).toMatchObject([{ endpoints: [], ports: [] }]);
    expect(writes(planSlices(aService(), [], empty))).toEqual([0, 0, 0]);
    const plan = planSlices(aService(), pods(2), empty);
    expect(writes(plan)).toEqual([0, 1, 0]);
    expect(plan.update[0]).toMatchObject({ endpoints: [{}, {}], ports: [{ port: 8080 }] });
  });

  test("of a headless service says so, and may have no ports", () => {
    const service = aService({ clusterIP: "None", ports: [] });
    expect(planSlices(service, pods(1), []).create).toMatchObject([
      {
        metadata: { labels: { "service.kubernetes.io/headless": "" } },
        endpoints: [{}],
        ports: [],
      },
    ]);
  });

  test("is named by the server alone where the service's name leaves no room", () => {
    const service = aService({}, { name: "x".repeat(253) });
    expect(planSlices(service, [], []).create[0]?.metadata.generateName).toBe("x".repeat(253));
  });
});

describe("few writes", () => {
  test("none if nothing changed, whatever the order", () => {
    const slices = settled(aService(), pods(250));
    expect(sizes(slices)).toEqual([100, 100, 50]);
    const plan = planSlices(aService(), pods(250).toReversed(), slices.toReversed());
    expect(writes(plan)).toEqual([0, 0, 0]);
  });

  test("one for a pod that changed, in the slice that has it", () => {
    const all = pods(250);
    const slices = settled(aService(), all);
    const changed = all.map((pod, index) =>
      index === 0 ? aPod({ name: "web-000", isReady: false }) : pod,
    );
    const plan = planSlices(aService(), changed, slices);
    expect(writes(plan)).toEqual([0, 1, 0]);
    expect(plan.update[0]?.endpoints?.[0]?.conditions).toMatchObject({ ready: false });
  });

  test("a new pod takes the place of one that went, in the slice that is written anyway", () => {
    const all = pods(250);
    const slices = settled(aService(), all);
    const plan = planSlices(aService(), [...without(all, 3), ...pods(1, 900)], slices);
    expect(writes(plan)).toEqual([0, 1, 0]);
    expect(sizes(plan.update)).toEqual([100]);
  });

  test("new pods go together into the fullest slice that has room for all", () => {
    const all = pods(250);
    const thinned = settled(aService(), without(all, 0, 1, 2, 3, 4), settled(aService(), all));
    expect(sizes(thinned).toSorted((a, b) => a - b)).toEqual([50, 95, 100]);
    const plan = planSlices(aService(), [...without(all, 0, 1, 2, 3, 4), ...pods(4, 900)], thinned);
    expect(sizes(plan.update)).toEqual([99]);
    const many = planSlices(
      aService(),
      [...without(all, 0, 1, 2, 3, 4), ...pods(40, 900)],
      thinned,
    );
    expect(sizes(many.update)).toEqual([90]);
    expect(writes(many)).toEqual([0, 1, 0]);
  });

  test("a slice that lost all its pods goes", () => {
    const all = pods(101);
    const plan = planSlices(aService(), all.slice(0, 100), settled(aService(), all));
    expect(writes(plan)).toEqual([0, 0, 1]);
  });

  test("a port that changed is one write a slice, not a deletion and a creation", () => {
    const slices = settled(aService(), pods(150));
    const service = aService({ ports: [{ port: 80, targetPort: 9090, protocol: "TCP" }] });
    const plan = planSlices(service, pods(150), slices);
    expect(writes(plan)).toEqual([0, 2, 0]);
    expect(plan.update.map(({ ports }) => ports?.[0]?.port)).toEqual([9090, 9090]);
  });
});

describe("slices that are not as they should be", () => {
  test("of an earlier service of the same name go", () => {
    const old = settled(aService({}, { uid: "earlier" }), pods(1));
    expect(writes(planSlices(aService(), pods(1), old))).toEqual([1, 0, 1]);
  });

  test("of a family that is no longer wanted go", () => {
    const old = settled(aService({ ipFamilies: ["IPv4", "IPv6"] }), pods(1));
    expect(old.map(({ addressType }) => addressType)).toEqual(["IPv4", "IPv6"]);
    const plan = planSlices(aService(), pods(1), old);
    expect(plan.remove.map(({ addressType }) => addressType)).toEqual(["IPv6"]);
    expect(writes(plan)).toEqual([0, 0, 1]);
  });

  test("that are being deleted are replaced", () => {
    const [slice] = settled(aService(), pods(1));
    if (slice === undefined) throw new Error("a slice was made");
    const metadata = { ...slice.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(writes(planSlices(aService(), pods(1), [{ ...slice, metadata }]))).toEqual([1, 0, 0]);
  });

  test("that both have a pod: the second loses it", () => {
    const once = settled(aService(), pods(2));
    const twice = [...once, ...settled(aService(), pods(2))];
    expect(sizes(settled(aService(), pods(2), twice))).toEqual([2]);
  });

  test("whose labels somebody changed get them back", () => {
    const [slice] = settled(aService(), pods(1));
    if (slice === undefined) throw new Error("a slice was made");
    const metadata = { ...slice.metadata, labels: { ...slice.metadata.labels, extra: "1" } };
    const plan = planSlices(aService(), pods(1), [{ ...slice, metadata }]);
    expect(plan.update[0]?.metadata.labels).toEqual(slice.metadata.labels);
  });
});

describe("whatever pods come and go", () => {
  type Step = {
    readonly uids: readonly number[];
    readonly readies: readonly number[];
    readonly port: number;
  };
  const aStep: fc.Arbitrary<Step> = fc.record({
    uids: fc.uniqueArray(fc.nat(400), { maxLength: 300 }),
    readies: fc.uniqueArray(fc.nat(400), { maxLength: 20 }),
    port: fc.constantFrom(8080, 9090),
  });

  /** Pods whose number is even have the named port elsewhere, so that there are two groups. */
  const podsOf = ({ uids, readies }: Step): readonly Pod[] =>
    uids.map((uid) =>
      aPod({
        name: `web-${uid}`,
        isReady: readies.includes(uid),
        spec: {
          containers: [
            { name: "c", image: "i", ports: [{ name: "http", containerPort: 1 + (uid % 2) }] },
          ],
        },
      }),
    );

  test("each is in exactly one slice, none is too large, and then there is nothing to do", () => {
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 1, maxLength: 5 }), (steps) => {
        let slices: readonly EndpointSlice[] = [];
        for (const step of steps) {
          const service = aService({
            ports: [
              { name: "a", port: 80, targetPort: "http", protocol: "TCP" },
              { name: "b", port: 81, targetPort: step.port, protocol: "TCP" },
            ],
          });
          slices = settled(service, podsOf(step), slices);
          const listed = slices.flatMap((slice) =>
            (slice.endpoints ?? []).map((endpoint) => ({ endpoint, ports: slice.ports ?? [] })),
          );
          expect(listed.map(({ endpoint }) => endpoint.targetRef?.uid ?? "").toSorted()).toEqual(
            step.uids.map((uid) => `web-${uid}`).toSorted(),
          );
          for (const { endpoint, ports } of listed) {
            const uid = Number(endpoint.targetRef?.uid?.slice(4));
            expect(endpoint.conditions?.ready).toBe(step.readies.includes(uid));
            expect(ports.map(({ port }) => port)).toEqual([1 + (uid % 2), step.port]);
          }
          expect(slices.length).toBeGreaterThan(0);
          expect(Math.max(...sizes(slices))).toBeLessThanOrEqual(SLICE_ENDPOINTS_MAX);
          expect(writes(planSlices(service, podsOf(step), slices))).toEqual([0, 0, 0]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
