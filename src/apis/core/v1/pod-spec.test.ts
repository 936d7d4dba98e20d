import { expect, test } from "vitest";
import { created, refusalOf } from "../../testing.ts";
import { podStrategy } from "./pod.ts";
import type { Pod } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const CONTAINER = { name: "c", image: "x" };
const VOLUMES = [
  { name: "v", emptyDir: {} },
  { name: "d", persistentVolumeClaim: { claimName: "c" } },
];

const aPod = (spec: Loose): { spec: Loose } => ({ spec: { containers: [CONTAINER], ...spec } });
const withContainer = (container: Loose, spec: Loose = {}): { spec: Loose } =>
  aPod({ containers: [{ ...CONTAINER, ...container }], volumes: VOLUMES, ...spec });

for (const { name, pod, told } of [
  {
    name: "a mount of nothing",
    pod: withContainer({ volumeMounts: [{ name: "", mountPath: "" }] }),
    told: '[spec.containers[0].volumeMounts[0].name: Required value, spec.containers[0].volumeMounts[0].name: Not found: "", spec.containers[0].volumeMounts[0].mountPath: Required value]',
  },
  {
    name: "mounts that reach the host",
    pod: withContainer({
      volumeMounts: [{ name: "v", mountPath: "/v", mountPropagation: "Bidirectional" }],
    }),
    told: "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
  },
  {
    name: "a mount that is read-only all through, and is not",
    pod: withContainer({
      volumeMounts: [{ name: "v", mountPath: "/v", recursiveReadOnly: "Enabled" }],
    }),
    told: "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
  },
  {
    name: "a folder as a device",
    pod: withContainer({ volumeDevices: [{ name: "v", devicePath: "/dev/x" }] }),
    told: 'spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
  },
  {
    name: "a device that leads out",
    pod: withContainer({ volumeDevices: [{ name: "d", devicePath: "/dev/../x" }] }),
    told: `spec.containers[0].volumeDevices[0].devicePath: Invalid value: "/dev/../x": can not contain backsteps ('..')`,
  },
  {
    name: "privileges that may not be gained and are there",
    pod: withContainer({ securityContext: { allowPrivilegeEscalation: false, privileged: true } }),
    told: "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
  },
  {
    name: "a process view of others' users",
    pod: withContainer({ securityContext: { procMount: "Unmasked" } }),
    told: 'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
  },
  {
    name: "restart rules without a policy",
    pod: withContainer({
      restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }],
    }),
    told: "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
  },
  {
    name: "a resize that restarts what never restarts",
    pod: withContainer(
      { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] },
      { restartPolicy: "Never" },
    ),
    told: "must be 'NotRequired' when pod `restartPolicy` is 'Never'",
  },
  {
    name: "half a device",
    pod: withContainer({
      resources: { limits: { "example.com/gpu": "0.5" }, requests: { "example.com/gpu": "0.5" } },
    }),
    told: 'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
  },
  {
    name: "a part of a huge page",
    pod: withContainer({
      resources: {
        limits: { "hugepages-2Mi": "3Mi", cpu: "1" },
        requests: { "hugepages-2Mi": "3Mi" },
      },
    }),
    told: "3Mi is not positive integer multiple of hugepages-2Mi",
  },
  {
    name: "a claim that the pod has not",
    pod: withContainer({ resources: { claims: [{ name: "gpu" }] } }),
    told: 'spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
  },
  {
    name: "containers to look into what is not there yet",
    pod: aPod({ ephemeralContainers: [{ ...CONTAINER, name: "e" }] }),
    told: "spec.ephemeralContainers: Forbidden: cannot be set on create",
  },
  {
    name: "a node behind closed gates",
    pod: aPod({ nodeName: "n", schedulingGates: [{ name: "g" }] }),
    told: "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
  },
  {
    name: "the host's processes and shared ones",
    pod: aPod({ hostPID: true, shareProcessNamespace: true }),
    told: "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
  },
  {
    name: "users of its own on the host's network",
    pod: aPod({ hostUsers: false, hostNetwork: true }),
    told: "spec.hostNetwork: Forbidden: when `hostUsers` is false",
  },
  {
    name: "a setting of the kernel that is none",
    pod: aPod({ securityContext: { sysctls: [{ name: "Kernel!", value: "1" }] } }),
    told: "spec.securityContext.sysctls[0].name: Invalid value",
  },
  {
    name: "a profile that is named and not used",
    pod: aPod({
      securityContext: { appArmorProfile: { type: "Unconfined", localhostProfile: "p" } },
    }),
    told: "can only be set when AppArmor type is Localhost",
  },
  {
    name: "an alias of no address",
    pod: aPod({ hostAliases: [{ ip: "here", hostnames: ["a_b"] }] }),
    told: 'spec.hostAliases[0].ip: Invalid value: "here": must be a valid IP address',
  },
  {
    name: "four name servers",
    pod: aPod({ dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } }),
    told: "must not have more than 3 nameservers",
  },
  {
    name: "spreading by an unknown policy",
    pod: aPod({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "zone",
          whenUnsatisfiable: "ScheduleAnyway",
          minDomains: 2,
          matchLabelKeys: ["a"],
          labelSelector: {
            matchLabels: { a: "b" },
            matchExpressions: [{ key: "a", operator: "In", values: ["b"] }],
          },
        },
      ],
    }),
    told: '[spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway, spec.topologySpreadConstraints[0][0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector]',
  },
  {
    name: "privileges of Windows on Linux",
    pod: aPod({ os: { name: "linux" }, securityContext: { windowsOptions: {} } }),
    told: "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
  },
  {
    name: "users of Linux on Windows",
    pod: aPod({ os: { name: "windows" }, securityContext: { runAsUser: 5 } }),
    told: "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
  },
  {
    name: "less than its containers ask for",
    pod: withContainer(
      { resources: { requests: { cpu: "2" } } },
      { resources: { requests: { cpu: "1" } } },
    ),
    told: 'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
  },
  {
    name: "a claim of nothing",
    pod: aPod({ resourceClaims: [{ name: "gpu" }] }),
    told: "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
  },
  {
    name: "a volume that is made for it without a size",
    pod: aPod({
      volumes: [
        {
          name: "e",
          ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"] } } },
        },
      ],
    }),
    told: "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
  },
  {
    name: "a volume of a driver without a name",
    pod: aPod({ volumes: [{ name: "e", csi: { driver: "" } }] }),
    told: "spec.volumes[0].csi.driver: Required value",
  },
] as const) {
  test(`a pod is refused for ${name}`, () => {
    expect(refusalOf(podStrategy, pod)).toContain(told);
  });
}

test("containers that stay from the start on are probed like the others", () => {
  const probe = { exec: { command: ["x"] } };
  const init = { ...CONTAINER, name: "i", livenessProbe: probe };
  expect(
    refusalOf(podStrategy, aPod({ initContainers: [{ ...init, restartPolicy: "Always" }] })),
  ).toBe("");
  expect(refusalOf(podStrategy, aPod({ initContainers: [init] }))).toBe(
    "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
  );
});

const warningsOf = (spec: Loose): readonly string[] => {
  const pod: Pod = created(podStrategy, { metadata: { name: "p" }, spec: aPod(spec).spec });
  return podStrategy.warnings?.(pod, undefined) ?? [];
};

for (const { name, spec, told } of [
  { name: "nothing doubtful", spec: {}, told: [] },
  {
    name: "a variable that is set twice",
    spec: {
      containers: [
        {
          ...CONTAINER,
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
          ],
        },
      ],
    },
    told: [
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ],
  },
  {
    name: "a variable that goes on from an earlier one",
    spec: {
      containers: [
        {
          ...CONTAINER,
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "$(A)2" },
          ],
        },
      ],
    },
    told: [],
  },
  {
    name: "a part of a byte",
    spec: { containers: [{ ...CONTAINER, resources: { limits: { memory: "128m" } } }] },
    told: [
      'spec.containers[0].resources.limits[memory]: fractional byte value "128m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[memory]: fractional byte value "128m" is invalid, must be an integer',
    ],
  },
  {
    name: "an old label of nodes",
    spec: { nodeSelector: { "beta.kubernetes.io/os": "linux" } },
    told: [
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
  },
  {
    name: "a volume nobody serves any more",
    spec: { volumes: [{ name: "v", glusterfs: { endpoints: "e", path: "p" } }] },
    told: ["spec.volumes[0].glusterfs: deprecated in v1.25, non-functional in v1.26+"],
  },
  {
    name: "a port in two containers",
    spec: {
      containers: [
        { ...CONTAINER, ports: [{ containerPort: 80 }] },
        { ...CONTAINER, name: "d", ports: [{ containerPort: 80 }] },
      ],
    },
    told: [
      "spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]",
    ],
  },
] as const) {
  test(`of a pod with ${name} people are told ${told.length === 0 ? "nothing" : "so"}`, () => {
    expect(warningsOf(spec)).toEqual(told);
  });
}
