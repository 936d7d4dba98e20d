/**
 * The program. On a cluster it finds the others in Secrets beside it, and one of its pods leads;
 * started by hand, each kubeconfig in the folder that FLEET names is one.
 */
import {
  createFleetManager,
  kubeconfigClusters,
  secretClusters,
} from "setpoint/controller-runtime";
import { hubControllers, views } from "./fleet.ts";

const namespace = process.env["POD_NAMESPACE"];
const lease = { namespace: namespace ?? "default", name: "fleet-propagator" };

await createFleetManager({
  hub: { controllers: hubControllers, installsDefinitions: true, leaderElection: { lease } },
  provider:
    namespace === undefined
      ? kubeconfigClusters({ folder: process.env["FLEET"] ?? "fleet" })
      : secretClusters({ namespace, labels: "fleet.example.dev/cluster" }),
  informers: views,
  probes: { port: Number(process.env["PORT"] ?? 8080) },
}).run();
