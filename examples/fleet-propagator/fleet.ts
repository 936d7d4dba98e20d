/** The fleet: what every run of the program and every test has in common. */
import { ConfigMap } from "setpoint/client";
import type { FleetManagerOptions } from "setpoint/controller-runtime";
import { createInformers } from "setpoint/informer";
import { bundles } from "./bundles.ts";
import { BUNDLE_UID } from "./copies.ts";

/** Of the ConfigMaps of the clusters only the copies matter: the others are not kept in memory. */
export const views: NonNullable<FleetManagerOptions["informers"]> = (deps) =>
  createInformers(deps, {
    scopeOf: ({ resource }) =>
      resource === ConfigMap.resource ? { labelSelector: BUNDLE_UID } : {},
  });

export const hubControllers: readonly [typeof bundles] = [bundles];
