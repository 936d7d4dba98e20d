import type { Asked, Scenario } from "../../scenario.ts";

const DEPLOYMENT = "/apis/apps/v1/namespaces/many-appliers/deployments/d";
const full = {
  selector: { matchLabels: { a: "b" } },
  template: {
    metadata: { labels: { a: "b" } },
    spec: { containers: [{ name: "c", image: "i" }] },
  },
};
const ports = [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }];

/** Several appliers of one Deployment: what they share, take, drop and must not touch. */
export const applyConflicts: Scenario = {
  name: "apply-conflicts",
  namespace: "many-appliers",
  steps: [
    apply("m1", full),
    apply("m1", full),
    apply("m2", { replicas: 3, ...pods({ name: "c", image: "j", ports }) }),
    apply("m2", { replicas: 3, ...pods({ name: "c", image: "j", ports }) }, "&force=true"),
    apply("m3", pods({ name: "c", image: "k", ports: [{ containerPort: 80, name: "x" }] })),
    apply(
      "m3",
      pods({ name: "c", ports: [{ containerPort: 80 }, { ...ports[0], protocol: "TCP" }] }),
    ),
    apply("m3", pods({ image: "j" })),
    apply("m3", pods({ name: "n" })),
    apply("m3", { replicas: "x" }),
    apply("m3", { foo: 1 }),
    apply("m3", pods({ name: "c", resources: { limits: { cpu: "x" } } })),
    apply("m3", pods({ name: "c", resources: { limits: { cpu: 2, memory: "1Gi" } } })),
    apply("m3", { strategy: { type: "Recreate" } }),
    apply("m3", { strategy: { type: "Recreate", rollingUpdate: null } }, "&force=true"),
    apply("m2", {}),
    { method: "GET", path: DEPLOYMENT },
    status("s1", { replicas: 2, conditions: [condition("True"), condition("False")] }),
    status("s1", { replicas: 2, conditions: [condition("True")] }),
    status("s2", { conditions: [condition("False")] }),
    status("s2", { conditions: [condition("False")] }, "&force=true"),
    {
      method: "PATCH",
      path: `${DEPLOYMENT}/scale?fieldManager=x`,
      body: { spec: { replicas: 5 } },
    },
    apply("m4", { replicas: 7 }),
    {
      method: "PATCH",
      path: `${DEPLOYMENT}/scale?fieldManager=y`,
      body: { spec: { replicas: 0 } },
    },
    { method: "GET", path: DEPLOYMENT },
  ],
};

function apply(manager: string, spec: unknown, query = ""): Asked {
  return sent(`${DEPLOYMENT}?fieldManager=${manager}${query}`, { spec });
}

function status(manager: string, sentStatus: unknown, query = ""): Asked {
  return sent(`${DEPLOYMENT}/status?fieldManager=${manager}${query}`, { status: sentStatus });
}

function sent(path: string, part: object): Asked {
  const body = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" }, ...part };
  return { method: "PATCH", path, contentType: "application/apply-patch+yaml", body };
}

function pods(container: object): object {
  return { template: { spec: { containers: [container] } } };
}

function condition(value: string): object {
  return { type: "A", status: value };
}
