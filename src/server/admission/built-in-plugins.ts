/** The plug-ins a server is to run, and those it is given, in Kubernetes' order. */
import { assert } from "../../base/assert.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { compareText } from "../../machinery/key.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { nodeRestriction } from "../authz/node/node-restriction.ts";
import type { WebhookClient } from "../webhooks/webhook-client.ts";
import type { WriteDeps } from "../registry/write.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { alwaysPullImages } from "./always-pull-images.ts";
import { certificatePlugins } from "./certificates.ts";
import { ClusterReader } from "./cluster-reader.ts";
import { defaultIngressClass, defaultStorageClass } from "./default-classes.ts";
import { limitRanger } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { newNodeTaint } from "./new-node-taint.ts";
import { isChosen, knownPlugins, type PluginChoice } from "./plugin-choice.ts";
import { inOrder } from "./plugin-order.ts";
import { mutatingPolicies } from "./policy/mutating-policies.ts";
import { validatingPolicies } from "./policy/validating-policies.ts";
import { podPriority } from "./pod-priority.ts";
import { podResizeValidator } from "./pod-resize.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { lostNodeTolerations } from "./pod-tolerations.ts";
import { resourceQuota } from "./quota/resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccounts } from "./service-account.ts";
import { mutatingWebhooks, validatingWebhooks } from "./webhook/webhook-plugins.ts";
import { claimResize, storageProtection } from "./storage-protection.ts";

export function admissionPlugins(
  deps: Omit<WriteDeps, "admission"> & {
    readonly authorizer: Authorizer;
    readonly webhooks: WebhookClient;
  },
  options: {
    readonly lostNodeSeconds: number;
    readonly choice: PluginChoice;
    /** Always run. */
    readonly others: readonly AdmissionPlugin[];
  },
): readonly AdmissionPlugin[] {
  const reader = new ClusterReader(deps);
  const matching = { ...deps, reader, client: deps.webhooks };
  const known = [
    namespaceLifecycle(reader),
    limitRanger(reader),
    serviceAccounts({ env: deps.env, reader }),
    newNodeTaint(),
    podSecurity(reader),
    podPriority(reader),
    lostNodeTolerations(options.lostNodeSeconds),
    defaultStorageClass(reader),
    storageProtection(),
    claimResize(reader),
    runtimeClass(reader),
    ...certificatePlugins(deps.authorizer),
    defaultIngressClass(reader),
    podResizeValidator(reader),
    mutatingPolicies(matching),
    mutatingWebhooks(matching),
    validatingPolicies(matching),
    validatingWebhooks(matching),
    resourceQuota(deps),
    alwaysPullImages(),
    nodeRestriction(deps),
  ];
  const names = known.map(({ name }) => name).sort(compareText);
  assert(equalValues(names, knownPlugins()), "users can name the plug-ins there are");
  const chosen = known.filter(({ name }) => isChosen(name, options.choice));
  return inOrder([...chosen, ...options.others]);
}
