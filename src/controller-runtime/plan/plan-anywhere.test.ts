/** The same plan wherever the server is, and whatever the time is made of. */
import { expect, test } from "vitest";
import { z } from "zod";
import { realEnv } from "../../base/real/env.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { httpTransport } from "../../client/http/http-transport.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { RestClient } from "../../client/rest-client.ts";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { planOf } from "./plan-of.ts";
import { planText } from "./plan-text.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello") }),
  status: z.object({ shown: z.string().optional() }),
});

const sites = controller(Site, {
  owns: [ConfigMap],
  reconcile: async (site, ctx) => {
    const { name } = ctx.key;
    await ctx.apply(ConfigMap, { metadata: { name }, data: { text: site.spec.text } });
    await ctx.delete(ConfigMap, `${name}-old`);
    ctx.status.set({ shown: site.spec.text });
    return ctx.requeueAfter("5m");
  },
});

const HOME = Site.create({ metadata: { namespace: "default", name: "home" }, spec: {} });
const OLD = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name: "home-old" },
} as const;

const EXPECTED = `sites: 1 object looked at, 1 would make changes

default/home
  create    ConfigMap default/home
              data.text: "hello"
  delete    ConfigMap default/home-old
  change    Site default/home status
              status.shown: "hello"
  then      looks again after 5 min
`;

test("over HTTP, the plan is the one made in the process", async () => {
  const admin = { token: "t", name: "admin", groups: ["system:masters"] };
  await using plane = await createControlPlane({
    hasControllers: false,
    serve: { tokens: [admin] },
  });
  await installDefinitions([Site], plane.client, plane.context);
  await plane.client.create(Site, HOME, plane.context);
  await plane.client.create(ConfigMap, OLD, plane.context);
  const { url, authorityPem } = plane.serving();
  const env = realEnv({ level: "error" });
  const token = (): Promise<string> => Promise.resolve("t");
  const transport = httpTransport({ server: url, authority: authorityPem, token }, env);
  const there = await planOf(sites, { client: new RestClient({ transport, env }), env });
  await transport.close();
  const here = await planOf(sites, { client: plane.client, env });
  expect(planText(there).split("\nLimits")[0]).toBe(EXPECTED);
  expect(there.runs).toEqual(here.runs);
});

test("in a test world a plan needs no time", async () => {
  await using world = await createTestWorld({ kinds: [Site], manifests: [HOME, OLD] });
  const before = world.env.clock.monotonic();
  const planned = planOf(sites, { client: world.client, env: world.env });
  await world.quiet();
  expect(planText(await planned).split("\nLimits")[0]).toBe(EXPECTED);
  expect(world.env.clock.monotonic()).toBe(before);
  expect(world.env.lines.filter(({ level }) => level === "error")).toEqual([]);
});
