import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Namespace, Secret } from "../client/builtin.ts";
import { defineResource } from "../client/resource/define-resource.ts";
import { admission } from "../controller-runtime/webhooks/admission.ts";
import type { AdmissionContext } from "../controller-runtime/webhooks/admission-context.ts";
import { createTestWorld } from "./test-world.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ host: z.string().optional(), team: z.string().optional() }),
});

const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";

const siteWebhook = admission(Site, {
  default: (site, ctx) => {
    const { spec, metadata } = site;
    const { name = "" } = metadata;
    return { ...site, spec: { host: `${name}.dev`, team: ctx.user.name, ...spec } };
  },
  validate: ({ spec }) => (spec.host === "bad" ? ["no such host"] : []),
});

test("a world calls webhooks without sockets, and installs their kinds", async () => {
  await using world = await createTestWorld({ webhooks: [siteWebhook], manifests: HOME });
  const home = await world.get(Site, "home");
  expect(home?.spec).toEqual({ host: "home.dev", team: "setpoint-admin" });
  await expect(world.change(Site, "home", { spec: { host: "bad" } })).rejects.toThrow(
    'admission webhook "validate.sites.example.dev" denied the request: no such host',
  );
});

test("a fork calls them too", async () => {
  await using world = await createTestWorld({ webhooks: [siteWebhook], manifests: HOME });
  await using fork = await world.fork();
  await expect(fork.change(Site, "home", { spec: { host: "bad" } })).rejects.toThrow("no such");
});

test("a webhook that answers too late has failed, in virtual time", async () => {
  const slow = admission(Site, {
    timeoutSeconds: 2,
    validate: () => new Promise(() => undefined),
  });
  await using world = await createTestWorld({ webhooks: [slow] });
  const refused = expect(world.apply(HOME)).rejects.toThrow(
    /failed calling webhook "validate.sites.example.dev": .*context deadline exceeded/,
  );
  await world.advance("2s");
  await refused;
});

test("what is passed cannot be changed in place: that is a defect", async () => {
  const careless = admission(Site, {
    default: (site) => {
      Object.assign(site.spec, { host: "changed" });
      return site;
    },
  });
  await using world = await createTestWorld({ webhooks: [careless] });
  await expect(world.apply(HOME)).rejects.toThrow(
    /the webhook \/mutate-example-dev-v1-site failed: Cannot add property host/,
  );
});

test("a webhook is told what happens, by whom, and may look things up, warn and deny", async () => {
  const seen: Partial<AdmissionContext>[] = [];
  const maps = admission(ConfigMap, {
    operations: ["CREATE", "UPDATE", "DELETE"],
    validate: async (map, ctx) => {
      seen.push({ operation: ctx.operation, key: ctx.key, isDryRun: ctx.isDryRun, old: ctx.old });
      ctx.warn("a map");
      const { client, key } = ctx;
      const secrets = await client.list(Secret, { namespace: key.namespace }, ctx);
      if (secrets.items.length === 0) ctx.deny("there is no secret yet", 409);
      return map.data?.["a"] === "b"
        ? [{ field: "data.a", type: "FieldValueForbidden", detail: "b" }]
        : [];
    },
  });
  await using world = await createTestWorld({ webhooks: [maps], hasControllers: false });
  const map = (data: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, ${data}}`;
  await expect(world.apply(map("data: {}"))).rejects.toMatchObject({
    status: { code: 409, reason: "Conflict" },
    message: expect.stringMatching(/denied the request: there is no secret yet$/),
  });
  await world.apply("{apiVersion: v1, kind: Secret, metadata: {name: s}}");
  await world.apply(map("data: {a: c}"));
  await expect(world.apply(map("data: {a: b}"))).rejects.toThrow("data.a: Forbidden: b");
  await world.delete(ConfigMap, "m");
  const key = { namespace: "default", name: "m" };
  expect(seen.map(({ operation }) => operation)).toEqual(["CREATE", "CREATE", "UPDATE", "DELETE"]);
  expect(seen.at(-1)).toMatchObject({ key, isDryRun: false, old: { data: { a: "c" } } });
});

test("webhooks of built-in kinds leave kube-system alone", async () => {
  const never = admission(ConfigMap, { validate: () => ["never"] });
  await using world = await createTestWorld({ webhooks: [never], hasControllers: false });
  const map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: kube-system}}";
  await world.apply(map);
  expect(await world.get(Namespace, "kube-system")).toBeDefined();
  await expect(world.apply(map.replace("kube-system", "default"))).rejects.toThrow("never");
});
