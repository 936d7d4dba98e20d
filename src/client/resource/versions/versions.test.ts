import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineResource, type ObjectOf } from "../define-resource.ts";
import { ConversionError } from "./conversion-error.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v2",
  kind: "Site",
  spec: z.object({
    hosts: z.array(z.string()).min(1),
    replicas: z.int().min(1).default(1),
    tls: z.object({ secret: z.string(), strict: z.boolean().default(true) }).optional(),
  }),
  status: z.object({ urls: z.array(z.string()).optional() }),
  olderVersions: {
    v1: {
      spec: z.object({ host: z.string(), replicas: z.int().default(1) }),
      status: z.object({ url: z.string().optional() }),
      toHub: ({ spec: { host, ...same }, status }) => ({
        spec: { ...same, hosts: [host] },
        status: status && { urls: status.url === undefined ? [] : [status.url] },
      }),
      fromHub: ({ spec, status }) => ({
        spec: { host: spec.hosts[0] ?? "", replicas: spec.replicas },
        status: status && (status.urls?.[0] === undefined ? {} : { url: status.urls[0] }),
      }),
      deprecated: "use example.dev/v2",
    },
    v1beta1: {
      spec: z.object({ hostname: z.string() }),
      toHub(old) {
        if (old.spec.hostname === "bad") throw new ConversionError("bad is no host");
        const { hostname } = old.spec;
        return {
          spec: { hosts: [hostname] },
          metadata: { labels: { ...old.metadata.labels, from: "v1beta1" } },
        };
      },
      fromHub(hub) {
        return { spec: { hostname: hub.spec.hosts[0] ?? "" } };
      },
      losses: "dropped",
      served: false,
    },
  },
});
type Site = ObjectOf<typeof Site>;
const SiteV1 = Site.olderVersions.v1;
const SiteV1Beta1 = Site.olderVersions.v1beta1;

const KEPT = "example.dev/kept-by-conversion";
const metadata = { name: "home", namespace: "default", uid: "u", labels: { a: "b" } };

function aSite(spec: Partial<Site["spec"]> = {}, status?: Site["status"]): Site {
  const whole = { hosts: ["a.dev"], replicas: 1, ...spec };
  const site = Site.create({ metadata, spec: whole });
  return status === undefined ? site : { ...site, status };
}

test("functions and clients of older versions know the types of their schemas", () => {
  expectTypeOf<ObjectOf<typeof SiteV1>["spec"]>().toEqualTypeOf<{
    host: string;
    replicas: number;
  }>();
  expectTypeOf<NonNullable<ObjectOf<typeof SiteV1>["status"]>["url"]>().toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf<NonNullable<ObjectOf<typeof SiteV1Beta1>["status"]>["urls"]>().toEqualTypeOf<
    string[] | undefined
  >();
  expectTypeOf(SiteV1.toHub).returns.toEqualTypeOf<Site>();
  expect(SiteV1).toMatchObject({ group: "example.dev", version: "v1", resource: "sites" });
  expect(SiteV1.create({ metadata, spec: { host: "a" } })).toMatchObject({
    apiVersion: "example.dev/v1",
    kind: "Site",
  });
});

test("the definition has all versions, stores the hub, and has a webhook convert", () => {
  const { versions, conversion } = Site.definition.spec;
  expect(versions).toMatchObject([
    { name: "v2", served: true, storage: true },
    {
      name: "v1",
      served: true,
      storage: false,
      deprecated: true,
      deprecationWarning: "use example.dev/v2",
    },
    { name: "v1beta1", served: false, storage: false },
  ]);
  expect(versions[1]?.schema?.openAPIV3Schema?.properties?.["spec"]?.required).toEqual(["host"]);
  expect(conversion).toEqual({
    strategy: "Webhook",
    webhook: { conversionReviewVersions: ["v1"] },
  });
});

test("versions with the same fields need no functions, and no webhook", () => {
  const spec = z.object({ size: z.int() });
  const names = { group: "example.dev", kind: "Disk" };
  const Disk = defineResource({
    ...names,
    version: "v1",
    spec,
    olderVersions: { v1beta1: { spec } },
  });
  expect(Disk.definition.spec.conversion).toEqual({ strategy: "None" });
  const old = Disk.olderVersions.v1beta1.create({ metadata, spec: { size: 3 } });
  expect(Disk.olderVersions.v1beta1.toHub(old)).toEqual({ ...old, apiVersion: "example.dev/v1" });
});

test("an object becomes the hub and back; only what its functions change is changed", () => {
  const old = {
    ...SiteV1.create({ metadata, spec: { host: "a.dev" } }),
    spec: { host: "a.dev", replicas: 3 },
  };
  const hub = SiteV1.toHub(old);
  expect(hub).toEqual({
    apiVersion: "example.dev/v2",
    kind: "Site",
    metadata,
    spec: { hosts: ["a.dev"], replicas: 3 },
  });
  expect(SiteV1.fromHub(hub)).toEqual(old);
});

test("fields that a function leaves out get the defaults of the schema", () => {
  const old = SiteV1Beta1.create({ metadata, spec: { hostname: "a.dev" } });
  expect(SiteV1Beta1.toHub(old).spec).toEqual({ hosts: ["a.dev"], replicas: 1 });
});

test("what an older version cannot hold comes back, and its clients can change the rest", () => {
  const hub = aSite(
    { hosts: ["a.dev", "b.dev"], replicas: 2, tls: { secret: "s", strict: false } },
    { urls: ["http://a.dev", "http://b.dev"], observedGeneration: 3 },
  );
  const old = SiteV1.fromHub(hub);
  expect(old.spec).toEqual({ host: "a.dev", replicas: 2 });
  expect(old.status).toEqual({ url: "http://a.dev", observedGeneration: 3 });
  expect(Object.keys(old.metadata.annotations ?? {})).toEqual([KEPT]);
  expect(SiteV1.toHub(old)).toEqual(hub);

  const scaled = SiteV1.toHub({ ...old, spec: { ...old.spec, replicas: 5 } });
  expect(scaled).toEqual({ ...hub, spec: { ...hub.spec, replicas: 5 } });
  const moved = SiteV1.toHub({ ...old, spec: { ...old.spec, host: "c.dev" } });
  expect(moved.spec).toEqual({ ...hub.spec, hosts: ["c.dev"] });
  expect(moved.metadata).toEqual(metadata);
});

test("losses may be dropped, and older versions become each other by way of the hub", () => {
  const hub = aSite({ hosts: ["a.dev", "b.dev"], replicas: 2 });
  expect(SiteV1Beta1.fromHub(hub).metadata).toEqual(metadata);
  const v1 = SiteV1.fromHub(hub);
  expect(Site.convert(v1, "v1beta1")).toEqual({
    apiVersion: "example.dev/v1beta1",
    kind: "Site",
    metadata,
    spec: { hostname: "a.dev" },
  });
});

test.each([
  { name: "no JSON", value: "{" },
  { name: "another hub's", value: JSON.stringify({ version: "v3", parts: [] }) },
  {
    name: "of another type",
    value: parts([{ path: ["spec", "tls"], lost: "text" }]),
  },
  { name: "outside of spec and status", value: parts([{ path: ["metadata", "name"], lost: "x" }]) },
  { name: "deep", value: `{"version":"v2","parts":${"[".repeat(5_000)}${"]".repeat(5_000)}}` },
  { name: "of a prototype", value: parts([{ path: ["spec", "__proto__"], lost: { a: 1 } }]) },
])("an annotation that is $name changes nothing", ({ value }) => {
  const old = SiteV1.create({
    metadata: { ...metadata, annotations: { [KEPT]: value } },
    spec: { host: "a.dev", replicas: 1 },
  });
  const hub = SiteV1.toHub(old);
  expect(hub.metadata).toEqual(metadata);
  expect(Object.getPrototypeOf(hub.spec)).toBe(Object.prototype);
  expect({ ...hub.spec, __proto__: null }).toMatchObject({ hosts: ["a.dev"], replicas: 1 });
  expect(hub.spec.tls).toBeUndefined();
});

function parts(list: readonly object[]): string {
  return JSON.stringify({ version: "v2", parts: list });
}

test("labels may be changed; conditions and the rest of the metadata stay", () => {
  const condition = { type: "Ready", status: "True" as const };
  const old = {
    ...SiteV1Beta1.create({ metadata, spec: { hostname: "a.dev" } }),
    status: { conditions: [condition] },
  };
  const hub = SiteV1Beta1.toHub(old);
  expect(hub.metadata).toEqual({ ...metadata, labels: { a: "b", from: "v1beta1" } });
  expect(hub.status?.conditions).toEqual([condition]);
});

const Odd = (toHub: () => unknown) =>
  defineResource({
    group: "example.dev",
    version: "v2",
    kind: "Odd",
    spec: z.object({ a: z.unknown().optional() }),
    olderVersions: {
      // oxlint-disable-next-line typescript/no-explicit-any -- answers no compiler would let by.
      v1: { spec: z.object({}), toHub: toHub as () => any, fromHub: () => ({ spec: {} }) },
    },
  });

test.each([
  { name: "nothing", answer: undefined, says: /toHub of v1 answers with no spec/ },
  {
    name: "a date",
    answer: { spec: { a: new Date(0) } },
    says: /toHub of v1: spec\.a: is an inst/,
  },
  { name: "no number", answer: { spec: { a: [NaN] } }, says: /spec\.a\[0\]: is number/ },
  {
    name: "another name",
    answer: { spec: {}, metadata: { name: "x" } },
    says: /metadata\.name: a conversion may change labels and annotations only/,
  },
  {
    name: "odd labels",
    answer: { spec: {}, metadata: { labels: { a: 1 } } },
    says: /metadata\.labels: is no map of texts/,
  },
])("a function that answers with $name is told so", ({ answer, says }) => {
  const kind = Odd(() => answer);
  const old = kind.olderVersions.v1.create({ metadata, spec: {} });
  expect(() => kind.olderVersions.v1.toHub(old)).toThrow(says);
});

test("a function that changes what it is given fails", () => {
  const kind = defineResource({
    group: "example.dev",
    version: "v2",
    kind: "Odd",
    spec: z.object({ a: z.string() }),
    olderVersions: {
      v1: {
        spec: z.object({ a: z.string() }),
        toHub(old) {
          old.spec.a = "changed";
          return { spec: old.spec };
        },
        fromHub: ({ spec }) => ({ spec }),
      },
    },
  });
  const old = kind.olderVersions.v1.create({ metadata, spec: { a: "x" } });
  expect(() => kind.olderVersions.v1.toHub(old)).toThrow(TypeError);
});

test("objects of other kinds and versions are refused", () => {
  expect(() => Site.convert({ ...aSite(), kind: "Other" }, "v1")).toThrow(/is not a Site/);
  expect(() => Site.convert({ ...aSite(), apiVersion: "other.dev/v2" }, "v1")).toThrow(
    ConversionError,
  );
  expect(() => Site.convert(aSite(), "v9")).toThrow(/no version v9, only v2, v1, v1beta1/);
  expect(() => Site.convert(aSite(), "constructor")).toThrow(ConversionError);
});

const NAMES = {
  group: "example.dev",
  version: "v2",
  kind: "Thing",
  spec: z.object({ a: z.int() }),
};

test.each([
  {
    name: "one function",
    older: { v1: { spec: NAMES.spec, toHub: () => ({ spec: { a: 1 } }) } },
    says: /v1 has toHub: give it fromHub as well/,
  },
  {
    name: "the hub's name",
    older: { v2: { spec: NAMES.spec } },
    says: /v2 is the version that is/,
  },
  { name: "a bad name", older: { "1": { spec: NAMES.spec } }, says: /older version "1"/ },
  {
    name: "another type and no functions",
    older: { v1: { spec: z.object({ a: z.string() }) } },
    says: /spec\.a: is of type string in v1 and integer in v2: say how/,
  },
  {
    name: "a field of its own and no functions",
    older: { v1: { spec: z.object({ a: z.int(), b: z.int().optional() }) } },
    says: /spec: only v1 has b, so a write in the other version would lose it/,
  },
  {
    name: "less that is required and no functions",
    older: { v1: { spec: z.object({ a: z.int().optional() }) } },
    says: /spec: a is required in v2 and not in v1/,
  },
  {
    name: "a schema that has no structural form",
    older: { v1: { spec: z.object({ a: z.string().regex(/(?=a)/) }) } },
    says: /v1: spec\.a: the pattern .* looks around/,
  },
  {
    name: "a long warning",
    older: { v1: { spec: NAMES.spec, deprecated: "x".repeat(257) } },
    says: /deprecated of v1: is at most 256 bytes/,
  },
])("an older version with $name is refused where it is defined", ({ older, says }) => {
  // oxlint-disable-next-line typescript/no-explicit-any -- as JavaScript would call it.
  expect(() => defineResource({ ...NAMES, olderVersions: older as any })).toThrow(says);
});
