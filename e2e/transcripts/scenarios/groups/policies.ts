import type { Asked, Scenario } from "../../scenario.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Roles and bindings, as far as they are well formed. */
export function accessRules(namespace: string): Scenario {
  const group = `/apis/${RBAC}/v1`;
  const inside = `${group}/namespaces/${namespace}`;
  const name = namespace;
  const roleRef = { apiGroup: RBAC, kind: "Role", name: "r" };
  const post = (path: string, rest: object): Asked => {
    return { method: "POST", path, body: { metadata: { name }, ...rest } };
  };
  return {
    name: "role-rules",
    namespace,
    steps: [
      post(`${inside}/roles`, { rules: [{ verbs: [], nonResourceURLs: ["/x"] }, {}] }),
      post(`${inside}/roles`, {}),
      post(`${group}/clusterroles`, {
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "a b": "c" } }] },
      }),
      post(`${inside}/rolebindings`, {
        roleRef: { ...roleRef, kind: "Rule", name: "a/b" },
        subjects: [{ kind: "User" }, { kind: "ServiceAccount", name: "A" }, { kind: "Robot" }],
      }),
      post(`${inside}/rolebindings`, { roleRef, subjects: [{ kind: "Group", name: "g" }] }),
      {
        method: "PATCH",
        path: `${inside}/rolebindings/${name}`,
        body: { roleRef: { name: "q" } },
      },
      { method: "PUT", path: `${inside}/roles/new`, body: { metadata: { name: "new" } } },
      post(`/apis/authorization.k8s.io/v1/subjectaccessreviews`, { spec: {} }),
      {
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        body: {
          spec: {
            resourceAttributes: { labelSelector: { requirements: [null] } },
            nonResourceAttributes: {},
          },
        },
      },
      {
        method: "POST",
        path: `/apis/authorization.k8s.io/v1/namespaces/${namespace}/localsubjectaccessreviews`,
        body: { spec: { user: "u", nonResourceAttributes: { path: "/x" } } },
      },
    ],
  };
}

/** Webhooks, policies and flow control, as far as they are well formed. */
export function policyRules(namespace: string): Scenario {
  const group = "/apis/admissionregistration.k8s.io/v1";
  const flow = "/apis/flowcontrol.apiserver.k8s.io/v1";
  const name = namespace;
  const post = (path: string, rest: object): Asked => {
    return { method: "POST", path, body: { metadata: { name }, ...rest } };
  };
  const rule = {
    operations: ["DELETE", "*"],
    apiGroups: ["*"],
    apiVersions: [],
    resources: ["*/"],
  };
  return {
    name: "policy-rules",
    namespace,
    steps: [
      post(`${group}/validatingwebhookconfigurations`, {
        webhooks: [
          { name: "a", clientConfig: {}, rules: [rule], admissionReviewVersions: ["v9"] },
          {
            name: "a",
            clientConfig: { url: "http://x/" },
            sideEffects: "Some",
            timeoutSeconds: 31,
            matchConditions: [{ name: "a b", expression: "object.x +" }],
          },
        ],
      }),
      post(`${group}/validatingadmissionpolicies`, {
        spec: {
          validations: [{ expression: "1 + 1", reason: "Why" }],
          variables: [{ name: "a b", expression: "" }],
          auditAnnotations: [{ key: "", valueExpression: "1" }],
        },
      }),
      post(`${group}/validatingadmissionpolicybindings`, {
        spec: {
          paramRef: {},
          matchResources: { resourceRules: [rule] },
          validationActions: ["No"],
        },
      }),
      post(`${group}/mutatingadmissionpolicies`, {
        spec: {
          matchConstraints: { resourceRules: [rule] },
          mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "" } }],
        },
      }),
      post(`${flow}/flowschemas`, {
        spec: {
          priorityLevelConfiguration: { name: "" },
          matchingPrecedence: 0,
          rules: [{ subjects: [{ kind: "User" }], resourceRules: [{}] }],
        },
      }),
      post(`${flow}/prioritylevelconfigurations`, {
        spec: { type: "Exempt", limited: { limitResponse: { type: "Queue" } } },
      }),
      post(`${flow}/prioritylevelconfigurations`, {
        spec: {
          type: "Limited",
          limited: {
            nominalConcurrencyShares: -1,
            lendablePercent: 101,
            limitResponse: { type: "Queue", queuing: { queues: 2, handSize: 9 } },
          },
        },
      }),
      post("/apis/certificates.k8s.io/v1/certificatesigningrequests", {
        spec: { request: "eA==", signerName: "x", usages: ["odd"], expirationSeconds: 1 },
      }),
      post("/apis/apiregistration.k8s.io/v1/apiservices", {
        spec: { group: "g", version: "v", groupPriorityMinimum: 0, versionPriority: 1001 },
      }),
    ],
  };
}
