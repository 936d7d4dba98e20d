import type { Asked, Scenario } from "../../scenario.ts";
import { aContainer, aPod, patch, post } from "./requests.ts";

const PREFIX = "pod-security.kubernetes.io/";
const STRICT = "/api/v1/namespaces/access-restricted";
const WATCHED = "/api/v1/namespaces/access-watched";

function namespace(name: string, labels: Readonly<Record<string, string>>): Asked {
  const entries = Object.entries(labels).map(([key, value]) => [`${PREFIX}${key}`, value]);
  return post("/api/v1/namespaces", { metadata: { name, labels: Object.fromEntries(entries) } });
}

function account(home: string): Asked {
  return post(`${home}/serviceaccounts`, { metadata: { name: "default" } });
}

function pod(spec: object): Asked {
  return post(`${STRICT}/pods?dryRun=All`, aPod("p", spec));
}

function context(securityContext: object): Asked {
  return pod({ containers: [aContainer({ securityContext })] });
}

function label(key: string, value: string | null): Asked {
  return patch(WATCHED, { metadata: { labels: { [`${PREFIX}${key}`]: value } } });
}

const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const seccompProfile = { type: "RuntimeDefault" };
const labels = { a: "b" };

/** Each check of the standards, and what a namespace that changes its mind is told. */
export const podSecurity: Scenario = {
  name: "access-pod-security",
  steps: [
    namespace("access-restricted", { enforce: "restricted" }),
    account(STRICT),
    pod({}),
    pod({
      securityContext: { runAsNonRoot: true, seccompProfile },
      containers: [aContainer({ securityContext: hardened })],
    }),
    pod({ hostNetwork: true, hostPID: true }),
    pod({ volumes: [{ name: "h", hostPath: { path: "/" } }] }),
    pod({ containers: [aContainer({ ports: [{ containerPort: 80, hostPort: 80 }] })] }),
    pod({ hostUsers: false, securityContext: { runAsUser: 0 } }),
    pod({ securityContext: { seLinuxOptions: { type: "bad", user: "u" } } }),
    pod({ securityContext: { runAsUser: 0, seccompProfile: { type: "Unconfined" } } }),
    context({ privileged: true }),
    context({ capabilities: { add: ["NET_ADMIN", "CHOWN"] } }),
    context({ procMount: "Unmasked" }),
    context({ appArmorProfile: { type: "Unconfined" }, runAsNonRoot: false }),
    namespace("access-watched", { warn: "restricted" }),
    account(WATCHED),
    post(`${WATCHED}/pods`, aPod("p", { hostNetwork: true })),
    post(`/apis/apps/v1/namespaces/access-watched/deployments`, {
      metadata: { name: "d" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [aContainer()] } },
      },
    }),
    label("enforce", "baseline"),
    label("enforce", "bogus"),
    label("enforce-version", "v1"),
    label("enforce", "privileged"),
    namespace("access-odd", { enforce: "nope", "warn-version": "v1.2.3" }),
  ],
};
