import { expect, test } from "vitest";
import { z } from "zod";
import { defineResource } from "../../client/resource/define-resource.ts";
import { RoundTripError, roundTrips } from "./round-trips.ts";

const names = { group: "example.dev", version: "v2", kind: "Site" } as const;
const spec = z.object({
  hosts: z.array(z.string().min(1)).min(1),
  replicas: z.int().min(1).max(9).default(1),
  mail: z.email().optional(),
  mode: z.enum(["plain", "secure"]).default("plain"),
  tls: z.object({ secret: z.string(), days: z.int().multipleOf(5).optional() }).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  port: z.union([z.int(), z.string()]).optional(),
});
const specV1 = z.object({ host: z.string().min(1), replicas: z.int().min(1).max(9).default(1) });

const good = defineResource({
  ...names,
  spec,
  olderVersions: {
    v1: {
      spec: specV1,
      toHub: ({ spec: { host, replicas } }) => ({ spec: { hosts: [host], replicas } }),
      fromHub: ({ spec: { hosts, replicas } }) => ({ spec: { host: hosts[0] ?? "?", replicas } }),
    },
    v1beta1: { spec },
  },
});

test("versions that are the same in other words come back, and their losses are told", () => {
  expect(roundTrips(good)).toEqual({
    v1: ["spec.hosts", "spec.labels", "spec.mail", "spec.mode", "spec.port", "spec.tls"],
    v1beta1: [],
  });
});

test("losses that are dropped are told in the same words, and are no failure", () => {
  const toHub = ({ spec: { host, replicas } }: { spec: z.infer<typeof specV1> }) => {
    return { spec: { hosts: [host], replicas } };
  };
  const kind = defineResource({
    ...names,
    spec: z.object({ hosts: z.array(z.string().min(1)).min(1), replicas: z.int().min(1).max(9) }),
    olderVersions: {
      v1: {
        spec: specV1,
        losses: "dropped",
        toHub,
        fromHub: ({ spec: { hosts, replicas } }) => ({ spec: { host: hosts[0] ?? "?", replicas } }),
      },
    },
  });
  expect(roundTrips(kind)).toEqual({ v1: ["spec.hosts"] });
});

const forgetful = (fromHub: (hosts: readonly string[], replicas: number) => unknown) =>
  defineResource({
    ...names,
    spec,
    olderVersions: {
      v1: {
        spec: specV1,
        toHub: ({ spec: { host, replicas } }) => ({ spec: { hosts: [host], replicas } }),
        // oxlint-disable-next-line typescript/no-explicit-any -- as wrong as JavaScript can be.
        fromHub: ({ spec: s }): any => ({ spec: fromHub(s.hosts, s.replicas) }),
      },
    },
  });

test.each([
  {
    name: "loses a field that the older version has",
    kind: forgetful(([host = "?"]) => ({ host })),
    says: /Site v1 -> v2 -> v1: spec\.replicas was \d and comes back as 1\nthe object:/,
  },
  {
    name: "takes the wrong item of a list",
    kind: forgetful((hosts, replicas) => ({ host: hosts[1] ?? "", replicas })),
    says: /Site v1 -> v2 -> v1: spec\.host was "[^"]+" and comes back as ""/,
  },
  {
    name: "makes what its version refuses",
    kind: forgetful(([host = "?", more], replicas) => ({
      host: more === undefined ? host : "",
      replicas,
    })),
    says: /Site v2 -> v1 -> v2: v1 would refuse what it becomes: spec\.host: /,
  },
  {
    name: "throws",
    kind: forgetful(([host = "?"], replicas) => {
      if (replicas > 5) throw new TypeError("too many");
      return { host, replicas };
    }),
    says: /it throws TypeError: too many/,
  },
])("a conversion that $name is found, with the smallest object", ({ kind, says }) => {
  expect(() => roundTrips(kind)).toThrow(says);
});

test("the object shown holds nothing that does not matter", () => {
  const kind = forgetful(([host = "?"]) => ({ host }));
  const failure = String(catching(() => roundTrips(kind)));
  const shown: unknown = JSON.parse(failure.slice(failure.indexOf("{")));
  expect(Object.keys(Object(shown))).toEqual(["apiVersion", "kind", "metadata", "spec"]);
  expect(shown).not.toHaveProperty("metadata.labels");
});

test("what chance does not meet is asked for by name, and examples are taken instead", () => {
  const code = z.object({ code: z.string().regex(/^[A-Z]{3}-\d{4}$/) });
  const kind = defineResource({
    ...names,
    spec: code,
    olderVersions: {
      v1: {
        spec: code,
        toHub: ({ spec: s }) => ({ spec: s }),
        fromHub: ({ spec: s }) => ({ spec: s }),
      },
    },
  });
  expect(() => roundTrips(kind)).toThrow(/v1: spec\.code: no text.*give `examples`/);
  const metadata = { name: "a" };
  const given = { metadata, spec: { code: "ABC-1234" } };
  const examples = [kind.create(given), kind.olderVersions.v1.create(given)];
  expect(roundTrips(kind, { examples })).toEqual({ v1: [] });
  const bad = kind.create({ metadata, spec: { code: "x" } });
  expect(() => roundTrips(kind, { examples: [bad] })).toThrow(RoundTripError);
});

test("objects keep the CEL rules of their version", () => {
  const sizes = z.object({ min: z.int(), max: z.int() });
  const rules = [{ rule: "self.spec.min <= self.spec.max", message: "min is at most max" }];
  const kind = defineResource({
    ...names,
    spec: sizes,
    rules,
    olderVersions: {
      v1: {
        spec: z.object({ min: z.int(), more: z.int().min(0) }),
        toHub: ({ spec: { min, more } }) => ({ spec: { min, max: min + more } }),
        fromHub: ({ spec: { min, max } }) => ({ spec: { min, more: max - min } }),
      },
    },
  });
  expect(roundTrips(kind)).toEqual({ v1: [] });
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
