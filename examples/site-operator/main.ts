/**
 * The program. On a cluster the definition comes with the manifests, and one of its pods leads;
 * started by hand, the program brings the definition along.
 */
import { createManager } from "setpoint/controller-runtime";
import { sites } from "./controller.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "site-operator";

await createManager({
  controllers: [sites],
  ...(namespace === undefined
    ? { installsDefinitions: true }
    : { probes: { port: 8080 }, leaderElection: { lease: { namespace, name } } }),
}).run();
