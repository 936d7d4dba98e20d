/** The program. On a cluster one of its pods leads; by hand it brings the definitions along. */
import { createManager } from "setpoint/controller-runtime";
import { certificates } from "./certificates.ts";
import { issuers } from "./issuers.ts";

const namespace = process.env["POD_NAMESPACE"];
const name = "certificate-issuer";

await createManager({
  controllers: [issuers, certificates],
  ...(namespace === undefined
    ? { installsDefinitions: true }
    : { probes: { port: 8080 }, leaderElection: { lease: { namespace, name } } }),
}).run();
