/** The program. On a cluster one of its pods leads; by hand it brings the definitions along. */
import { createManager } from "setpoint/controller-runtime";
import { records, zones } from "./controllers.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "external-api";

await createManager({
  controllers: [records, zones],
  ...(namespace === undefined
    ? { installsDefinitions: true }
    : { probes: { port: 8080 }, leaderElection: { lease: { namespace, name } } }),
}).run();
