import type { Asked, Scenario } from "../../scenario.ts";

const NAME = "groups-pods-and-nodes";
const PODS = `/api/v1/namespaces/${NAME}/pods`;
const NAMESPACE = `/api/v1/namespaces/${NAME}`;
const CLAIMS = `/apis/resource.k8s.io/v1/namespaces/${NAME}/resourceclaims`;
const ADMIN = "resource.kubernetes.io/admin-access";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/c";
const CONTAINERS = [{ name: "c", image: "i" }];

function post(path: string, body: unknown): Asked {
  return { method: "POST", path, body };
}

function get(path: string): Asked {
  return { method: "GET", path };
}

/** A pod with a profile of AppArmor in an annotation, and perhaps one in its fields. */
function armored(profile: string, type?: string): Asked {
  const securityContext = type === undefined ? {} : { appArmorProfile: { type } };
  const metadata = { name: "x", annotations: { [APP_ARMOR]: profile } };
  const spec = { containers: CONTAINERS, securityContext };
  return post(`${PODS}?dryRun=All`, { metadata, spec });
}

const request = { name: "r", exactly: { deviceClassName: "x", adminAccess: true } };
const claim = { metadata: { name: "c" }, spec: { devices: { requests: [request] } } };
const template = {
  metadata: { name: "t" },
  spec: { spec: { devices: { requests: [request] } } },
};

/** Pods whose node is missing, evictions without a namespace, and what namespaces must allow. */
export const podsAndNodes: Scenario = {
  name: NAME,
  namespace: NAME,
  steps: [
    post(PODS, { metadata: { name: "p" }, spec: { containers: CONTAINERS, nodeName: "none" } }),
    ...["log", "log?container=x", "exec?command=ls", "exec", "attach", "portforward"].map((path) =>
      get(`${PODS}/p/${path}`),
    ),
    post(PODS, { metadata: { name: "q" }, spec: { containers: CONTAINERS } }),
    ...["log", "log?container=x", "exec?command=ls", "attach", "portforward"].map((path) =>
      get(`${PODS}/q/${path}`),
    ),
    post("/api/v1/namespaces/nowhere/pods/p/eviction", { metadata: { name: "p" } }),
    post(`${PODS}/none/eviction`, { metadata: { name: "none" } }),
    ...[-5, 0].map((seconds) =>
      post(`${PODS}?dryRun=All`, {
        metadata: { name: "x" },
        spec: { containers: CONTAINERS, terminationGracePeriodSeconds: seconds },
      }),
    ),
    ...["runtime/default", "unconfined", "localhost/a", "other", ""].map((each) => armored(each)),
    armored("unconfined", "Unconfined"),
    armored("unconfined", "RuntimeDefault"),
    post(CLAIMS, claim),
    post(`${CLAIMS.replace("claims", "claimtemplates")}?dryRun=All`, template),
    { method: "PATCH", path: NAMESPACE, body: { metadata: { labels: { [ADMIN]: "true" } } } },
    post(CLAIMS, claim),
    post(`${CLAIMS.replace("claims", "claimtemplates")}?dryRun=All`, template),
  ],
};
