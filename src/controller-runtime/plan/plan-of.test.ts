import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Deployment, Namespace, Secret } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE } from "../controller/outcome.ts";
import { controller } from "../declared/controller.ts";
import type { ReconcileObject } from "../declared/declared-controller.ts";
import { PreflightError } from "../declared/preflight.ts";
import { daemon } from "../daemons/daemon.ts";
import { dependent } from "../dependents/dependent.ts";
import { external } from "../dependents/external.ts";
import { ownSource } from "../sources/sources.ts";
import { whenServed } from "../sources/served-source.ts";
import { changesSomething, isCertain, type Plan, type PlannedRun } from "./plan.ts";
import { planOf, type PlanOptions } from "./plan-of.ts";
import { planText } from "./plan-text.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello") }),
  status: z.object({ shown: z.string().optional() }),
});
type Site = ObjectOf<typeof Site>;

let plane: ControlPlane;

beforeEach(async () => {
  plane = await createControlPlane({ hasControllers: false });
  await installDefinitions([Site], plane.client, plane.context);
});
afterEach(() => plane.close());

async function addSite(name: string, text = "hello"): Promise<void> {
  const site = Site.create({ metadata: { namespace: "default", name }, spec: { text } });
  await plane.client.create(Site, site, plane.context);
}

/** Every object of the kinds in question with its revision. */
async function state(): Promise<readonly string[]> {
  const types: readonly ResourceType[] = [Site, ConfigMap, Secret, Deployment, Namespace];
  const lists = await Promise.all(types.map((type) => plane.client.list(type, {}, plane.context)));
  return lists.flatMap(({ items }) =>
    items.map(({ metadata: { uid, resourceVersion } }) => `${uid} ${resourceVersion}`),
  );
}

/** A plan of it, made without one write. */
async function planned(
  make: (deps: ControllerDeps) => ControllerSpec,
  options: PlanOptions = {},
): Promise<Plan> {
  const before = await state();
  const plan = await planOf(make, { client: plane.client, ...options });
  expect(await state()).toEqual(before);
  expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ controller: plan.controller });
  return plan;
}

const doing = (reconcile: ReconcileObject<Site>): ReturnType<typeof controller> =>
  controller(Site, { owns: [ConfigMap], reconcile });

async function onlyRun(make: ReturnType<typeof controller>): Promise<PlannedRun> {
  const { runs } = await planned(make);
  const [run] = runs;
  if (run === undefined) throw new Error("nothing was looked at");
  return run;
}

const shows = controller(Site, {
  owns: [ConfigMap],
  reconcile: async (site, ctx) => {
    const { name } = ctx.key;
    await ctx.apply(ConfigMap, { metadata: { name }, data: { text: site.spec.text } });
    ctx.status.set({ shown: site.spec.text });
    ctx.event("Shown", `shows ${site.spec.text}`);
    return ctx.done();
  },
});

describe("what would change", () => {
  test("new objects with their fields, changes with both values; nothing is done", async () => {
    await addSite("a");
    await addSite("b", "new");
    const metadata = { namespace: "default", name: "b" };
    await plane.client.create(
      ConfigMap,
      { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: "old", more: "theirs" } },
      plane.context,
    );
    const plan = await planned(shows);
    expect(plan).toMatchObject({ controller: "sites", leftOut: 0 });
    expect(plan.runs.map(({ key }) => key)).toEqual(["default/a", "default/b"]);
    expect(plan.runs[0]).toMatchObject({
      writes: [
        {
          effect: "create",
          call: "patch (apply)",
          apiVersion: "v1",
          kind: "ConfigMap",
          key: "default/a",
          changes: [{ path: "data.text", after: '"hello"' }],
        },
        {
          effect: "change",
          call: "patch (merge)",
          kind: "Site",
          subresource: "status",
          changes: [{ path: "status.shown", before: undefined, after: '"hello"' }],
        },
      ],
      events: [{ type: "Normal", reason: "Shown", message: "shows hello" }],
      end: { kind: "done" },
    });
    expect(plan.runs[1]?.writes[0]).toMatchObject({
      effect: "change",
      changes: [
        { path: "metadata.ownerReferences", before: undefined },
        { path: "data.text", before: '"old"', after: '"new"' },
      ],
    });
    expect(isCertain(plan)).toBe(true);
  });

  test("what is as it should be is no change", async () => {
    await addSite("a");
    plane.manage(shows);
    const key = { namespace: "default", name: "a" };
    for (let shown = ""; shown !== "hello";) {
      const { status } = await plane.client.get(Site, key, plane.context);
      shown = status?.shown ?? "";
      await new Promise((resolve) => setImmediate(resolve));
    }
    const plan = await planOf(shows, { client: plane.client });
    expect(plan.runs[0]?.writes).toMatchObject([{ effect: "nothing", changes: [] }]);
    expect(plan.runs.some(changesSomething)).toBe(false);
    expect(planText(plan)).toContain("1 object looked at, nothing would change");
  });

  test("defaults and checks are the server's", async () => {
    await addSite("a");
    const { writes, end } = await onlyRun(
      doing(async (_, ctx) => {
        const template = { spec: { containers: [{ name: "web", image: "web:1" }] } };
        const labels = { app: "a" };
        await ctx.apply(Deployment, {
          metadata: { name: "a" },
          spec: {
            selector: { matchLabels: labels },
            template: { metadata: { labels }, ...template },
          },
        });
        await ctx.apply(ConfigMap, { metadata: { name: "Not A Name" } });
        return ctx.done();
      }),
    );
    const [made, refused] = writes;
    const paths = made?.changes.map(({ path }) => path) ?? [];
    expect(paths.slice(0, 2)).toEqual([
      "spec.selector.matchLabels.app",
      "spec.template.metadata.labels.app",
    ]);
    const replicas = { path: "spec.replicas", before: undefined, after: "1", isAdded: true };
    expect(made?.changes).toContainEqual(replicas);
    expect(refused).toMatchObject({ effect: "refused", kind: "ConfigMap" });
    expect(refused?.note).toMatch(/^ConfigMap "Not A Name" is invalid: metadata.name/);
    expect(end).toMatchObject({ kind: "failed" });
  });

  test("deletions, and what holds them; what is gone already is none", async () => {
    await addSite("a");
    const held = { namespace: "default", name: "held", finalizers: ["example.dev/x"] };
    for (const metadata of [held, { namespace: "default", name: "free" }]) {
      const object = { apiVersion: "v1", kind: "ConfigMap", metadata } as const;
      await plane.client.create(ConfigMap, object, plane.context);
    }
    const { writes } = await onlyRun(
      doing(async (_, ctx) => {
        for (const name of ["free", "held", "gone"]) await ctx.delete(ConfigMap, name);
        await ctx.delete(Secret, "gone");
        await ctx.client.deleteCollection(ConfigMap, { namespace: "default" }, ctx);
        return ctx.done();
      }),
    );
    expect(writes.map(({ effect, key, note }) => [effect, key, note])).toEqual([
      ["delete", "default/free", undefined],
      ["delete", "default/held", "it stays until its finalizers go: example.dev/x"],
      ["delete", "default", "free, held"],
    ]);
  });

  test("values of Secrets are not shown", async () => {
    await addSite("a");
    const { writes } = await onlyRun(
      doing(async (_, ctx) => {
        await ctx.apply(Secret, { metadata: { name: "s" }, data: { token: "cGFzc3dvcmQ=" } });
        return ctx.done();
      }),
    );
    expect(writes[0]?.changes).toContainEqual({ path: "data.token", after: "(hidden)" });
    expect(JSON.stringify(writes)).not.toContain("cGFzc3dvcmQ");
  });

  test("a finalizer is planned like everything else, and the deletion of the object", async () => {
    const finalizing = controller(Site, {
      reconcile: (_, ctx) => Promise.resolve(ctx.done()),
      finalize: (_, ctx) => Promise.resolve(ctx.done()),
    });
    await addSite("a");
    const { writes } = await onlyRun(finalizing);
    expect(writes).toMatchObject([
      {
        effect: "change",
        changes: [{ path: "metadata.finalizers", after: '["example.dev/sites"]' }],
      },
    ]);
  });
});

describe("what is not known", () => {
  test("what builds on a creation that is a dry run is said to be unknown", async () => {
    await addSite("a");
    const { writes, end } = await onlyRun(
      doing(async (_, ctx) => {
        const namespace = {
          spec: {},
          status: {},
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "shop" },
        } as const;
        await ctx.client.create(Namespace, namespace, ctx);
        await ctx.apply(
          ConfigMap,
          { metadata: { namespace: "shop", name: "c" } },
          { isOwned: false },
        );
        return ctx.done();
      }),
    );
    expect(writes.map(({ effect }) => effect)).toEqual(["create", "unknown"]);
    const why = "it builds on Namespace shop, whose creation is a dry run";
    expect(end).toEqual({ kind: "unknown", why });
  });

  test("a wait is an end: what it waits for is named", async () => {
    await addSite("a");
    const { end } = await onlyRun(
      doing((_, ctx) => Promise.resolve(ctx.waitFor(Secret, "token", { timeout: "5m" }))),
    );
    expect(end).toEqual({ kind: "waiting", for: ["Secret default/token: ready"] });
  });

  test("names that the server makes up are said to be so", async () => {
    await addSite("a");
    const { writes } = await onlyRun(
      doing(async (_, ctx) => {
        const metadata = { namespace: "default", generateName: "job-" };
        const object = { apiVersion: "v1", kind: "ConfigMap", metadata } as const;
        await ctx.client.create(ConfigMap, object, ctx);
        return ctx.done();
      }),
    );
    expect(writes).toMatchObject([
      { effect: "create", key: "default", note: expect.stringContaining("made up by the server") },
    ]);
  });

  test("a failure is one of its object only, and a run that hangs is cut off", async () => {
    for (const name of ["a", "b", "c"]) await addSite(name);
    const { runs } = await planned(
      doing((site, ctx) => {
        if (site.metadata.name === "a") throw new Error("no idea");
        if (site.metadata.name === "b") return new Promise(() => undefined);
        return Promise.resolve(ctx.requeueAfter("5m"));
      }),
      { timeout: 20 },
    );
    expect(runs.map(({ end }) => end)).toEqual([
      { kind: "failed", error: "no idea" },
      { kind: "failed", error: "the run took longer than 20 ms" },
      { kind: "requeue-after", delayMs: 300_000 },
    ]);
  });

  test("only the objects that are asked for, and no more than so many", async () => {
    for (const name of ["a", "b", "c"]) await addSite(name);
    const keys = [{ namespace: "default", name: "c" }];
    expect((await planned(shows, { keys })).runs.map(({ key }) => key)).toEqual(["default/c"]);
    const plan = await planned(shows, { objectsMax: 2 });
    expect([plan.runs.length, plan.leftOut, isCertain(plan)]).toEqual([2, 1, false]);
    expect(planText(plan)).toContain("1 object more: not looked at (objectsMax)");
  });

  test("a kind that the server lacks is said as at a start", async () => {
    const Other = defineResource({
      group: "other.dev",
      version: "v1",
      kind: "Other",
      spec: z.object({}),
    });
    const others = controller(Other, { reconcile: (_, ctx) => Promise.resolve(ctx.done()) });
    await expect(planOf(others, { client: plane.client })).rejects.toThrow(PreflightError);
  });

  test("a plan can be given up", async () => {
    await addSite("a");
    const stop = new AbortController();
    const hangs = doing(() => {
      stop.abort(new Error("enough"));
      return new Promise(() => undefined);
    });
    const plan = planOf(hangs, { client: plane.client, signal: stop.signal });
    await expect(plan).rejects.toThrow("enough");
  });
});

describe("outside of the cluster", () => {
  test("a reconcile that asks leaves out what it does elsewhere, and says what", async () => {
    const made: string[] = [];
    await addSite("a");
    const { outside } = await onlyRun(
      doing((site, ctx) => {
        if (ctx.planning) ctx.wouldDo(`create the record ${site.spec.text}`);
        else made.push(site.spec.text);
        return Promise.resolve(ctx.done());
      }),
    );
    expect(outside).toEqual(["create the record hello"]);
    expect(made).toEqual([]);
  });

  test("external dependents are read, and neither made nor changed nor deleted", async () => {
    const calls: string[] = [];
    const call = (name: string, answer: string | undefined) => () => {
      calls.push(name);
      return Promise.resolve(answer);
    };
    const thing = (name: string, found: string | undefined) =>
      external<Site, string>(name, {
        read: call(`read ${name}`, found),
        create: async () => (await call(`create ${name}`, "new")()) ?? "",
        update: async () => (await call(`update ${name}`, "new")()) ?? "",
        isCurrent: (current) => current === "new",
        delete: async () => void (await call(`delete ${name}`, undefined)()),
      });
    const sites = controller(Site, {
      dependents: [
        thing("bucket", undefined),
        thing("zone", "old"),
        thing("user", "new"),
        dependent(ConfigMap, {
          dependsOn: ["bucket"],
          desired: () => ({ metadata: { name: "after" } }),
        }),
      ],
    });
    await addSite("a");
    const run = await onlyRun(sites);
    expect(run.outside).toEqual(["create the external bucket", "update the external zone"]);
    expect(run.writes.map(({ kind }) => kind)).not.toContain("ConfigMap"); // it is not its turn
    expect(calls.toSorted()).toEqual(["read bucket", "read user", "read zone"]);
  });

  test("daemons do not run, not even those of a kind that may come and go", async () => {
    const ran: string[] = [];
    const watching = daemon<Site>("watch", async (site) => {
      ran.push(site.metadata.name ?? "");
    });
    await addSite("a");
    for (const type of [Site, whenServed(Site)]) {
      const made = controller<Site>(type, {
        daemons: [watching],
        reconcile: (_, ctx) => Promise.resolve(ctx.done()),
      });
      expect((await planned(made)).runs.map(({ key }) => key)).toEqual(["default/a"]);
    }
    expect(ran).toEqual([]);
  });
});

test("a controller in the plain form is planned as well", async () => {
  await addSite("a");
  const seen: unknown[] = [];
  const plain = ({ client, informers, isPlanning }: ControllerDeps): ControllerSpec => ({
    name: "plain",
    sources: [ownSource(informers.for(Site))],
    reconcile: async (key, context) => {
      seen.push(isPlanning, context.planning !== undefined);
      const site = await client.get(Site, key, context);
      await client.update(Site, { ...site, spec: { text: "bye" } }, context);
      return DONE;
    },
  });
  const { runs } = await planned(plain);
  expect(runs[0]?.writes).toMatchObject([
    {
      effect: "change",
      call: "update",
      changes: [{ path: "spec.text", before: '"hello"', after: '"bye"' }],
    },
  ]);
  expect(seen).toEqual([true, true]);
});
