import type { Asked, Scenario } from "../../scenario.ts";

const NAMESPACE = "core-pod-fields";
const CONTAINER = { name: "c", image: "i:1" };

function made(spec: object, container: object = {}, metadata: object = {}): Asked {
  return {
    method: "POST",
    path: `/api/v1/namespaces/${NAMESPACE}/pods?dryRun=All`,
    body: {
      metadata: { name: "p", ...metadata },
      spec: {
        automountServiceAccountToken: false,
        containers: [{ ...CONTAINER, ...container }],
        ...spec,
      },
    },
  };
}

const withResources = (resources: object): object => ({ resources });
const term = (more: object): object => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone", ...more }],
    },
  },
});
const selector = { matchLabels: { app: "x" } };
const profile = { type: "RuntimeDefault", localhostProfile: "p" };

/** One field of a pod after the other, wrong or doubtful. */
export const podFields: Scenario = {
  name: "core-pod-fields",
  namespace: NAMESPACE,
  steps: [
    made({ dnsPolicy: "Often", os: { name: "plan9" }, preemptionPolicy: "Maybe" }),
    made({ hostUsers: false, hostNetwork: true, hostPID: true }),
    made({ hostNetwork: true }, { ports: [{ containerPort: 80, hostPort: 81 }] }),
    made({}, { ports: [{ containerPort: 80, hostIP: "1.2.3.4" }, { containerPort: 80 }] }),
    made({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.nope" } } }] }),
    made({}, { envFrom: [{}], terminationMessagePolicy: "Never" }),
    made({}, { volumeMounts: [{ name: "v", mountPath: "/v", subPath: "../up" }] }),
    made({}, { resizePolicy: [{ resourceName: "disk", restartPolicy: "Perhaps" }] }),
    made({}, withResources({ claims: [{ name: "r" }], limits: { "hugepages-2Mi": "3Mi" } })),
    made({}, { securityContext: { seccompProfile: profile, appArmorProfile: {} } }),
    made({ securityContext: { windowsOptions: { hostProcess: true, runAsUserName: "a\\b\\c" } } }),
    made({ os: { name: "windows" }, securityContext: { runAsUser: 1, sysctls: [] } }),
    made({ resources: { limits: { cpu: "2" } } }, withResources({ requests: { cpu: "500m" } })),
    made({ resources: { limits: { cpu: "1" } } }, withResources({ limits: { cpu: "2" } })),
    made(term({ matchLabelKeys: ["v"], labelSelector: selector }), {}, { labels: { v: "1" } }),
    made(term({ mismatchLabelKeys: ["v"] })),
    made({ schedulingGates: [{ name: "g" }] }),
    made({
      tolerations: [
        { operator: "Gt", key: "a", value: "5" },
        { operator: "Exists", value: "x" },
      ],
    }),
    made({ initContainers: [{ ...CONTAINER, name: "d", lifecycle: {} }] }),
    made({
      volumes: [
        { name: "v", projected: { sources: [{}] } },
        { name: "w", gitRepo: {} },
      ],
    }),
    made({
      volumes: [
        { name: "v", ephemeral: {} },
        { name: "v", nfs: { server: "s", path: "p" } },
      ],
    }),
    made({ dnsConfig: { nameservers: ["010.1.1.1"], searches: ["a_b!"] } }),
    made({ nodeSelector: { "beta.kubernetes.io/os": "linux" }, imagePullSecrets: [{}] }),
  ],
};
