/** The manifests a project begins with: what `generate install` prints of its code. */
import { Deployment } from "../../../client/builtin.ts";
import { defineResource } from "../../../client/resource/define-resource.ts";
import { structural } from "../../../client/resource/schema-source.ts";
import { controller } from "../../../controller-runtime/declared/controller.ts";
import { admission } from "../../../controller-runtime/webhooks/admission.ts";
import { HEALTH_PORT, installManifests, manifestsText } from "../manifests-of-module.ts";
import type { Project } from "./project.ts";

/** The project's libraries are not there yet, so its schema is said in the words of the API. */
export function installText({ name, group, kind, hasWebhook }: Project): string {
  const defined = defineResource({
    group,
    version: "v1",
    kind,
    spec: structural({
      type: "object",
      properties: {
        image: { type: "string", minLength: 1, description: "What the pods run." },
        replicas: {
          type: "integer",
          format: "int64",
          minimum: 0,
          maximum: 100,
          default: 1,
          description: "How many pods.",
        },
      },
      required: ["image"],
    }),
  });
  const declared = controller(defined, {
    owns: [Deployment],
    reconcile: async (_, context) => context.done(),
  });
  const options = { name, namespace: name, image: `${name}:1`, replicas: 1 };
  const webhooks = hasWebhook ? [admission(defined, { validate: () => [] })] : [];
  const contents = { kinds: [defined], controllers: [declared], webhooks };
  return manifestsText(installManifests(contents, { ...options, healthPort: HEALTH_PORT }));
}

export function sampleText({ group, kind }: Project): string {
  return `apiVersion: ${group}/v1
kind: ${kind}
metadata:
  name: sample
spec:
  image: nginx:1.29
  replicas: 2
`;
}
