/** The program. On a cluster one of its pods leads; by hand it brings the definitions along. */
import { realEnv } from "setpoint/client";
import { createManager } from "setpoint/controller-runtime";
import { httpDns } from "./http-dns.ts";
import { withinQuota } from "./quota.ts";
import { recordsController, type OurDns } from "./records.ts";
import { zonesController } from "./zones.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "external-api";
const address = process.env["PROVIDER"] ?? "http://127.0.0.1:8053";

const ours: OurDns = {
  // A little below what the provider allows: others may use the same account.
  dns: withinQuota(httpDns(address), realEnv(), { burst: 10, perSecond: 10 }),
  cluster: process.env["CLUSTER"] ?? "home",
};

await createManager({
  controllers: [recordsController(ours), zonesController(ours)],
  ...(namespace === undefined
    ? { installsDefinitions: true }
    : { probes: { port: 8080 }, leaderElection: { lease: { namespace, name } } }),
}).run();
