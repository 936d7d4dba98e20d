import { expect, test } from "vitest";
import { z } from "zod";
import {
  ClusterRole,
  CustomResourceDefinition,
  Deployment,
  Namespace,
} from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { HEALTH_PORT, installManifests, manifestsText } from "../authoring/manifests-of-module.ts";
import { contentsOf } from "../authoring/module-contents.ts";
import { parseManifests } from "../manifests.ts";
import { sessionOver } from "../session.ts";
import { explainError } from "../user-error.ts";
import { uninstall, type UninstallOptions } from "./uninstall.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ host: z.string() }),
});
/** Takes a while to let go of what is outside. */
const sites = controller(Site, {
  reconcile: (_, ctx) => Promise.resolve(ctx.done()),
  finalize: (site, ctx) => {
    const { deletionTimestamp = "" } = site.metadata;
    const isOver = ctx.now() - Date.parse(deletionTimestamp) > 20_000;
    return Promise.resolve(isOver ? ctx.done() : ctx.requeueAfter("5s"));
  },
});
const text = manifestsText(
  installManifests(contentsOf({ sites }), {
    name: "sites",
    namespace: "ops",
    image: "sites:1",
    replicas: 2,
    healthPort: HEALTH_PORT,
    hasNetworkPolicy: true,
  }),
);
const WEBHOOK = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: sites}
`;
const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {host: a}}";

type Result = { readonly out: string; readonly err: string; readonly failure: string | undefined };

async function aWorld(isManaged: boolean): Promise<TestWorld> {
  const world = await createTestWorld({ manifests: `${WEBHOOK}---\n${text}` });
  if (isManaged) world.manage(sites);
  await world.quiet();
  return world;
}

async function uninstalled(
  world: TestWorld,
  options: Partial<UninstallOptions> = {},
): Promise<Result> {
  let [out, err] = ["", ""];
  const terminal = {
    write: (line: string) => void (out += line),
    warn: (line: string) => void (err += line),
    isInteractive: false,
    columns: 100,
  };
  const { signal } = world.context;
  const session = sessionOver(world.plane.transport, {
    env: world.env,
    terminal,
    signal,
    namespace: "default",
  });
  const all = {
    manifests: parseManifests(`${WEBHOOK}---\n${text}`, "install.yaml"),
    timeoutMs: 60_000,
    deletesObjects: false,
    keepsDefinitions: false,
    stripsFinalizers: false,
    isDryRun: false,
    ...options,
  };
  let result: Result | undefined;
  uninstall(session, all).then(
    () => (result = { out, err, failure: undefined }),
    (error: unknown) => (result = { out, err, failure: explainError(error) ?? String(error) }),
  );
  await world.env.runUntil(() => result !== undefined);
  if (result === undefined) throw new Error("it did not end");
  return result;
}

/** A Site that its controller holds. */
async function aHeldSite(world: TestWorld): Promise<void> {
  await world.apply(HOME);
  await world.eventually(async () => (await world.get(Site, "home"))?.metadata.finalizers?.length);
}

test("all of it goes, in order, and objects only when their controller has let go", async () => {
  await using world = await aWorld(true);
  await aHeldSite(world);
  const startMs = world.env.clock.monotonic();
  const { out, failure } = await uninstalled(world, { deletesObjects: true });
  expect(failure).toBeUndefined();
  expect(world.env.clock.monotonic() - startMs).toBeGreaterThan(20_000);
  expect(out.split("\n")).toEqual([
    'validatingwebhookconfiguration.admissionregistration.k8s.io "sites" removed',
    "waiting for 1 Site to go",
    'deployment.apps "sites" removed',
    'poddisruptionbudget.policy "sites" removed',
    'networkpolicy.networking.k8s.io "sites" removed',
    'clusterrole.rbac.authorization.k8s.io "sites-view" removed',
    'clusterrole.rbac.authorization.k8s.io "sites-edit" removed',
    'rolebinding.rbac.authorization.k8s.io "sites-leader-election" removed',
    'role.rbac.authorization.k8s.io "sites-leader-election" removed',
    'clusterrolebinding.rbac.authorization.k8s.io "sites" removed',
    'clusterrole.rbac.authorization.k8s.io "sites" removed',
    'serviceaccount "sites" removed',
    'customresourcedefinition.apiextensions.k8s.io "sites.example.dev" removed',
    'namespace "ops" removed',
    "",
  ]);
  expect((await uninstalled(world)).out).toBe(""); // nothing is left, and that is no failure
});

test("objects are not deleted unless it is said so, and nothing else is", async () => {
  await using world = await aWorld(false);
  await world.apply(HOME);
  const { out, failure } = await uninstalled(world);
  expect(failure).toMatch(/there are objects of its kinds: 1 Site\n--delete-objects deletes/);
  expect(out).toBe("");
  const plan = await uninstalled(world, { isDryRun: true });
  expect(plan.out).toMatch(
    /^webhook configurations\n {2}Validating.*objects of its kinds.*1 Site/s,
  );
  expect(plan.err).toMatch(/would be refused without/);
  expect(await world.get(Deployment, { namespace: "ops", name: "sites" })).toBeDefined();
});

test("definitions that are kept keep their objects", async () => {
  await using world = await aWorld(false);
  await world.apply(HOME);
  const { failure } = await uninstalled(world, { keepsDefinitions: true });
  expect(failure).toBeUndefined();
  expect(await world.get(Site, "home")).toBeDefined();
  expect(await world.get(Namespace, "ops")).toBeUndefined();
});

test("what is stuck is named, and the program stays; stripped, it goes", async () => {
  await using world = await aWorld(true);
  await aHeldSite(world);
  await world.change(Site, "home", { metadata: { finalizers: ["example.dev/nobody"] } });
  const { err, failure } = await uninstalled(world, { deletesObjects: true });
  expect(err).toMatch(/site\.example\.dev default\/home: held by example\.dev\/nobody, deleted at/);
  expect(failure).toMatch(/1 Site did not go within 60 s\nThe program is still installed/);
  expect(await world.get(Deployment, { namespace: "ops", name: "sites" })).toBeDefined();

  const again = await uninstalled(world, { deletesObjects: true, stripsFinalizers: true });
  expect(again.failure).toBeUndefined();
  expect(again.err).toMatch(/The program has no ready pod.*what they guarded outside/s);
  expect(await world.get(CustomResourceDefinition, "sites.example.dev")).toBeUndefined();
  expect(await world.get(ClusterRole, "sites")).toBeUndefined();
});

test("a namespace in which others live stays", async () => {
  await using world = await aWorld(false);
  await world.apply("{apiVersion: v1, kind: Secret, metadata: {name: passwords, namespace: ops}}");
  const { err, failure } = await uninstalled(world);
  expect(failure).toBeUndefined();
  expect(err).toBe("The namespace ops stays, as others are in it: Secret/passwords\n");
  expect(await world.get(Namespace, "ops")).toBeDefined();
});
