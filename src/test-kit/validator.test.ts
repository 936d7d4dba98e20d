import { expect, test } from "vitest";
import { z } from "zod";
import type { Pod } from "../client/builtin.ts";
import { defineResource } from "../client/resource/define-resource.ts";
import { createTestWorld } from "./test-world.ts";
import { createValidator } from "./validator.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({
    host: z.string().regex(/^[a-z.]+$/),
    replicas: z.int().min(1).max(9).default(2),
    mode: z.enum(["fast", "safe"]).optional(),
  }),
  rules: [
    { rule: "self.spec.host == oldSelf.spec.host", message: "host cannot change" },
    { rule: "self.spec.replicas < 5 || self.spec.mode == 'fast'", message: "many are fast only" },
  ],
});

const aSite = (spec: object) =>
  Site.create({ metadata: { name: "a" }, spec: { host: "a.b", ...spec } });

test("an object that is right comes back with its defaults", async () => {
  await using validator = await createValidator({ kinds: [Site] });
  const { problems, object } = await validator.validate(aSite({}));
  expect(problems).toEqual([]);
  expect(object).toMatchObject({ metadata: { namespace: "default" }, spec: { replicas: 2 } });
});

test("all that is wrong is told, in the words of the server", async () => {
  await using validator = await createValidator({ kinds: [Site] });
  const wrong = aSite({ host: "UP", replicas: 70, mode: "slow" });
  const { problems, object } = await validator.validate(wrong);
  expect(object).toBeUndefined();
  await using world = await createTestWorld({ kinds: [Site] });
  const there = { ...wrong, metadata: { name: "a", namespace: "default" } };
  const refusal: unknown = await world.client.create(Site, there, world.context).catch((e) => e);
  expect(refusal).toMatchObject({ status: { details: { causes: problems } } });
  expect(problems.map(({ field }) => field).sort()).toEqual([
    "<nil>",
    "spec.host",
    "spec.mode",
    "spec.replicas",
  ]);
});

test.each([
  {
    what: "a rule over several fields",
    spec: { replicas: 6, mode: "safe" },
    field: "<nil>",
    says: "many are fast only",
  },
  {
    what: "a field that is not known",
    spec: { replcias: 3 },
    field: "",
    says: 'unknown field "spec.replcias"',
  },
  {
    what: "a value that is too large",
    spec: { replicas: 10, mode: "fast" },
    field: "spec.replicas",
    says: "should be less than or equal to 9",
  },
])("$what is refused", async ({ spec, field, says }) => {
  await using validator = await createValidator({ kinds: [Site] });
  const { problems } = await validator.validate(aSite(spec));
  expect(problems).toMatchObject([{ field, message: expect.stringContaining(says) }]);
});

test("an update is judged against what is there", async () => {
  await using validator = await createValidator({ kinds: [Site] });
  const old = aSite({});
  const same = await validator.validate(aSite({ replicas: 3 }), { old });
  expect(same.problems).toEqual([]);
  const moved = await validator.validate(aSite({ host: "c.d" }), { old });
  expect(moved.problems).toMatchObject([
    { message: expect.stringContaining("host cannot change") },
  ]);
  const fresh = await validator.validate(aSite({ host: "c.d" })); // nothing of it stayed
  expect(fresh.problems).toEqual([]);
});

test("a status is judged by itself", async () => {
  await using validator = await createValidator({ kinds: [Site] });
  const old = aSite({});
  const status = { observedGeneration: 1, conditions: [{ type: "Ready", status: "Maybe" }] };
  const next = Object.assign({}, old, { status });
  const { problems } = await validator.validate(next, { old: next, subresource: "status" });
  expect(problems[0]).toMatchObject({
    field: "status.conditions[0].status",
    message: 'Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
  });
});

test("built-in kinds are judged, too, without what they refer to", async () => {
  await using validator = await createValidator();
  const aPod = (container: object): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", namespace: "team" },
    spec: {
      serviceAccountName: "robot",
      priorityClassName: "high",
      containers: [{ name: "web", image: "web:1", ...container }],
    },
    status: {},
  });
  expect((await validator.validate(aPod({}))).problems).toEqual([]);
  const { problems } = await validator.validate(aPod({ ports: [{ containerPort: 0 }] }));
  expect(problems).toMatchObject([{ field: "spec.containers[0].ports[0].containerPort" }]);
});

test("a kind that nobody defined, and one that every cluster has an object of", async () => {
  await using validator = await createValidator();
  const unknown = await validator.validate(aSite({}));
  expect(unknown.problems).toMatchObject([
    { field: "", reason: "NotFound", message: expect.stringContaining("Site") },
  ]);
  const metadata = { name: "default", labels: { team: "a" } };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata };
  expect((await validator.validate(namespace)).problems).toEqual([]);
});

test("definitions whose versions a webhook converts need no webhook", async () => {
  const { definition } = Site;
  const [version] = definition.spec.versions;
  if (version === undefined) throw new Error("a version");
  const second = { ...version, name: "v2", storage: false };
  const conversion = {
    strategy: "Webhook",
    webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "https://nowhere.example" } },
  };
  const spec = { ...definition.spec, versions: [version, second], conversion };
  const definitions = [{ ...definition, spec }];
  await using validator = await createValidator({ definitions });
  const object = { ...aSite({ replicas: 70 }), apiVersion: "example.dev/v2" };
  const { problems } = await validator.validate(object);
  expect(problems[0]).toMatchObject({ field: "spec.replicas" });
});
