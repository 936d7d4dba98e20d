/**
 * Gives every namespace that is labelled `greet` a ConfigMap with a greeting, and keeps it there.
 */
import { ConfigMap, Namespace } from "setpoint/client";
import {
  DONE,
  ownedSource,
  ownSource,
  type ControllerDeps,
  type ControllerSpec,
} from "setpoint/controller-runtime";
import { controllerReference } from "setpoint/machinery";

export function greeter({ client, informers }: ControllerDeps): ControllerSpec {
  const namespaces = informers.for(Namespace);
  const greetings = informers.for(ConfigMap);
  return {
    name: "greeter",
    sources: [ownSource(namespaces), ownedSource(greetings, Namespace)],
    reconcile: async ({ name }, context) => {
      const namespace = namespaces.lister.get({ namespace: "", name });
      const who = namespace?.metadata.labels?.["greet"];
      const key = { namespace: name, name: "greeting" };
      if (namespace === undefined || who === undefined || greetings.lister.get(key)) return DONE;
      const ownerReferences = [controllerReference(namespace, Namespace)];
      const data = { text: `Hello, ${who}!` };
      const greeting = { apiVersion: "v1", kind: "ConfigMap", data } as const;
      await client.create(
        ConfigMap,
        { ...greeting, metadata: { ...key, ownerReferences } },
        context,
      );
      return DONE;
    },
  };
}
