import type { Binding } from "../../client/builtin.ts";
import { Pod } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { keyOf } from "../../machinery/key.ts";
import type { Plugin } from "../framework.ts";

/** Writes the choice as a `Binding`, which the server accepts for a pod once. */
export function defaultBinder(client: Client): Plugin {
  return {
    name: "DefaultBinder",
    wakesOn: [],
    bind: async (pod, nodeName, context) => {
      const { name = "", namespace = "", uid = "" } = pod.metadata;
      const binding: Binding = {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name, namespace, uid },
        target: { kind: "Node", name: nodeName },
      };
      await client.createSubresource(Pod, keyOf(pod), "binding", binding, context);
    },
  };
}
