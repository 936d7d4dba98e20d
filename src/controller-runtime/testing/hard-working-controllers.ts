/** Controllers that use all there is: owned objects, waits, delays, daemons, dependents. */
import { z } from "zod";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import {
  defineResource,
  type DefinedResource,
  type ObjectOf,
} from "../../client/resource/define-resource.ts";
import { TerminalError } from "../controller/outcome.ts";
import { daemon } from "../daemons/daemon.ts";
import { controller } from "../declared/controller.ts";
import type { DeclaredController } from "../declared/declared-controller.ts";
import { dependent } from "../dependents/dependent.ts";

/** What is the matter with a site, so that every way through a controller is taken. */
export const TROUBLES = ["none", "restless", "failing", "hopeless", "forsaken"] as const;

type SiteSpec = { readonly trouble: (typeof TROUBLES)[number]; readonly text: string };
type SiteStatus = { readonly late?: boolean | undefined };
type ShopSpec = { readonly text: string };

export const Site: DefinedResource<SiteSpec, SiteStatus, Partial<SiteSpec>> = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ trouble: z.enum(TROUBLES).default("none"), text: z.string().default("") }),
  status: z.object({ late: z.boolean().optional() }),
});
export type Site = ObjectOf<typeof Site>;

export const Shop: DefinedResource<ShopSpec, unknown, Partial<ShopSpec>> = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Shop",
  spec: z.object({ text: z.string().default("") }),
});
export type Shop = ObjectOf<typeof Shop>;

export const tokenOf = (site: string): string => `${site}-token`;

/** Keeps a page for each site, and waits for its token. */
export function siteController(): DeclaredController {
  let runs = 0;
  const heart = daemon("heart", async ({ spec: { trouble } }: Site, ctx) => {
    for (;;) {
      await ctx.sleep("3m");
      if (trouble === "failing") throw new Error("a stroke");
      ctx.wake();
    }
  });
  return controller(Site, {
    owns: [ConfigMap],
    daemons: [heart],
    concurrency: 4,
    timeout: "2m",
    reconcile: async ({ metadata: { name = "" }, spec: { trouble, text } }, ctx) => {
      runs += 1;
      const data = { text: trouble === "restless" ? `${runs}` : text };
      await ctx.apply(ConfigMap, { metadata: { name: `${name}-page` }, data });
      if (trouble === "failing") throw new Error(`${name} cannot be`);
      if (trouble === "hopeless") throw new TerminalError(`${name} will never be`);
      const token = await ctx.get(Secret, tokenOf(name));
      if (token === undefined) {
        const wait = ctx.waitFor(Secret, tokenOf(name), { timeout: "4m" });
        if (wait.isTimedOut) ctx.warn("NoToken", `nobody has made the token of ${name}`);
        ctx.status.set({ late: wait.isTimedOut });
        return wait;
      }
      ctx.status.set({ late: false });
      ctx.status.condition("Ready", true, "Served");
      ctx.event("Served", `${name} is served`);
      return ctx.requeueAfter("7m");
    },
    finalize: (_, ctx) => Promise.resolve(ctx.done()),
  });
}

/** Keeps a chain of dependents for each shop, some of them tied by a label only. */
export function shopController(): DeclaredController {
  const name = ({ metadata }: Shop, part: string): string => `${metadata.name ?? ""}-${part}`;
  const key = dependent<Shop, Secret>(Secret, {
    desired: (shop) => ({ metadata: { name: name(shop, "key") } }),
    isReady: () => true,
    deletion: "in-order",
  });
  const stock = dependent<Shop, ConfigMap>(ConfigMap, {
    name: "stock",
    desired: (shop) => ({
      metadata: { name: name(shop, "stock"), namespace: "default" },
      data: { text: shop.spec.text },
    }),
    isReady: () => true,
    dependsOn: ["Secret"],
    ownership: "label",
  });
  return controller(Shop, { dependents: [key, stock], every: "11m" });
}

/** Signs each ConfigMap that asks for it: the work of whoever leads. */
export function signController(who: string): DeclaredController {
  return controller(ConfigMap, {
    name: "signer",
    reconcile: async (map, ctx) => {
      const { labels } = map.metadata;
      if (labels?.["unsigned"] === undefined || map.data?.["by"] !== undefined) return ctx.done();
      // Not applied: that would make it anew if it is gone while the view lags.
      const patch = { kind: "merge", patch: { data: { by: who } } } as const;
      await ctx.client.patch(ConfigMap, ctx.key, patch, ctx);
      return ctx.done();
    },
  });
}
