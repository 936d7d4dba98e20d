/** What every node may do, whatever runs on it: the rules of the role `system:node`. */
import type { PolicyRule } from "../../../apis/rbac/v1/types.generated.ts";

function rule(group: string, resources: string, verbs: string): PolicyRule {
  return { apiGroups: [group], resources: resources.split(" "), verbs: verbs.split(" ") };
}

const READ = "get list watch";

/** Without those kinds of which a node may see only what concerns it. */
export const NODE_RULES: readonly PolicyRule[] = [
  rule("authentication.k8s.io", "tokenreviews", "create"),
  rule("authorization.k8s.io", "localsubjectaccessreviews subjectaccessreviews", "create"),
  rule("", "services", READ),
  rule("", "events", "create patch update"),
  rule("events.k8s.io", "events", "create patch update"),
  rule("", "endpoints", "get"),
  rule("certificates.k8s.io", "certificatesigningrequests", `create ${READ}`),
  rule("storage.k8s.io", "csidrivers", READ),
  rule("node.k8s.io", "runtimeclasses", READ),
];
