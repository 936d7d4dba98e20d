/** The controllers of this process: they share one provider, and one quota. */
import { realEnv } from "setpoint/client";
import type { DeclaredController } from "setpoint/controller-runtime";
import { httpDns } from "./http-dns.ts";
import { withinQuota } from "./quota.ts";
import { recordsController, type OurDns } from "./records.ts";
import { zonesController } from "./zones.ts";

const address = process.env["PROVIDER"] ?? "http://127.0.0.1:8053";

const ours: OurDns = {
  // A little below what the provider allows: others may use the same account.
  dns: withinQuota(httpDns(address), realEnv(), { burst: 10, perSecond: 10 }),
  cluster: process.env["CLUSTER"] ?? "home",
};

export const records: DeclaredController = recordsController(ours);
export const zones: DeclaredController = zonesController(ours);
