/**
 * The program. On a cluster one of its pods leads, and all answer the webhook; by hand it brings
 * the definitions along and is called at WEBHOOK_HOST, where the API server reaches this machine.
 */
import { createManager } from "setpoint/controller-runtime";
import { backups, databases, databaseWebhook } from "./operator.ts";
import { standIns } from "./stand-in.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "database-operator";
const host = process.env["WEBHOOK_HOST"] ?? "127.0.0.1";
const handlers = [databaseWebhook];

await createManager({
  controllers: [databases, backups, ...(process.env["STAND_IN"] === "1" ? standIns() : [])],
  ...(namespace === undefined
    ? {
        installsDefinitions: true,
        webhooks: { handlers, port: 0, url: (port: number) => `https://${host}:${port}` },
      }
    : {
        probes: { port: 8080 },
        leaderElection: { lease: { namespace, name } },
        webhooks: { handlers, service: { namespace, name: `${name}-webhook` } },
      }),
}).run();
