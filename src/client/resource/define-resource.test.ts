import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { defineResource, type ObjectOf } from "./define-resource.ts";
import { installDefinitions } from "./install-definitions.ts";
import { structural } from "./schema-source.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  shortNames: ["st"],
  spec: z.object({
    replicas: z.int().min(1).max(10).default(1).describe("How many servers."),
    image: z.string().min(1),
    port: z.union([z.int(), z.string()]).optional(),
    mode: z.union([z.literal("plain"), z.literal("secure")]).default("plain"),
    labels: z.record(z.string(), z.string()).optional(),
    mail: z.email().optional(),
    note: z.string().nullable().optional(),
    extra: z.unknown().optional(),
    source: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("git"), url: z.url() }),
        z.object({ kind: z.literal("inline"), text: z.string() }),
      ])
      .optional(),
  }),
  status: z.object({ readyReplicas: z.int().optional() }),
  rules: [{ rule: "self.spec.replicas < 9 || self.spec.mode == 'plain'", message: "too many" }],
});
type Site = ObjectOf<typeof Site>;

test("a kind says its types: defaults may be left out by people and are there in answers", () => {
  expectTypeOf<Site["spec"]["replicas"]>().toEqualTypeOf<number>();
  expectTypeOf<Site["spec"]["mode"]>().toEqualTypeOf<"plain" | "secure">();
  expectTypeOf<NonNullable<Site["status"]>["readyReplicas"]>().toEqualTypeOf<number | undefined>();
  const site = Site.create({ metadata: { name: "a" }, spec: { image: "i" } });
  expect(site).toEqual({
    apiVersion: "example.dev/v1",
    kind: "Site",
    metadata: { name: "a" },
    spec: { image: "i" },
  });
});

test("the definition is served, with the schema's defaults and refusals", async () => {
  await using plane = await createControlPlane({ hasControllers: false });
  const { client, context } = plane;
  await installDefinitions([Site], client, context);
  const metadata = { name: "a", namespace: "default" };
  const spec = { image: "i", port: "http", source: { kind: "git", url: "https://a.b" } } as const;
  const site = await client.create(Site, Site.create({ metadata, spec }), context);
  expect(site.spec).toEqual({ ...spec, replicas: 1, mode: "plain" });

  const refused = async (bad: object): Promise<string> => {
    const object = Site.create({ metadata: { ...metadata, name: "b" }, spec: { ...spec, ...bad } });
    return client.create(Site, object, context).then(
      () => "taken",
      (error: unknown) => String(error),
    );
  };
  expect(await refused({ replicas: 11 })).toContain("spec.replicas");
  expect(await refused({ mode: "odd" })).toContain('supported values: "plain", "secure"');
  expect(await refused({ mail: "nobody" })).toContain("spec.mail");
  expect(await refused({ replicas: 9, mode: "secure" })).toContain("too many");
  expect(await refused({ source: { kind: "git", text: "t" } })).toContain("spec.source");
  expect(await refused({ extra: { any: [1, "2"] }, note: null })).toBe("taken");
});

test("a spec whose fields all have defaults may be left out whole", async () => {
  const Timer = defineResource({
    group: "example.dev",
    version: "v1",
    kind: "Timer",
    scope: "Cluster",
    spec: z.object({ seconds: z.int().default(60) }),
  });
  await using plane = await createControlPlane({ hasControllers: false });
  const { client, context } = plane;
  await installDefinitions([Timer], client, context);
  const { spec: _, ...rest } = Timer.create({ metadata: { name: "a" }, spec: {} });
  const path = "/apis/example.dev/v1/timers";
  const body = { kind: "value", value: rest } as const;
  await client.request({ method: "POST", path, body }, context);
  const timer = await client.get(Timer, { namespace: "", name: "a" }, context);
  expect(timer.spec).toEqual({ seconds: 60 });
});

test("a structural schema stands in the definition as it is given", () => {
  const schema = { type: "object", properties: { size: { type: "integer" } } } as const;
  const Disk = defineResource({
    group: "example.dev",
    version: "v1beta1",
    kind: "Disk",
    spec: structural<{ readonly size?: number }>(schema),
  });
  const [version] = Disk.definition.spec.versions;
  expect(version?.schema?.openAPIV3Schema?.properties?.["spec"]).toEqual({
    ...schema,
    default: {},
  });
  expectTypeOf<ObjectOf<typeof Disk>["spec"]["size"]>().toEqualTypeOf<number | undefined>();
});

test("names that a server would refuse are refused here", () => {
  const define = (names: { group?: string; version?: string; kind?: string }) => () =>
    defineResource({
      group: "example.dev",
      version: "v1",
      kind: "Site",
      spec: z.object({}),
      ...names,
    });
  expect(define({ group: "example" })).toThrow('group "example": has at least one dot');
  expect(define({ version: "1" })).toThrow('version "1"');
  expect(define({ kind: "My_Site" })).toThrow('kind "My_Site"');
});
