/** Accesses and grants, as far as a case cares. */
import type { PolicyRule, Subject } from "../../apis/rbac/v1/types.generated.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { TestServer } from "../testing/test-server.ts";
import type { PathAccess, ResourceAccess } from "./authorizer.ts";

/** `anAccess("get pods/log t/web", alice)`: verb, endpoint, and place if any. */
export function anAccess(text: string, user: UserInfo, group = ""): ResourceAccess {
  const [verb = "", endpoint = "", place = ""] = text.split(" ");
  const [resource = "", subresource = ""] = endpoint.split("/");
  const [namespace = "", name = ""] = place.split("/");
  const version = "v1";
  return { kind: "resource", user, verb, group, version, resource, subresource, namespace, name };
}

/** `aPathAccess("get /healthz", alice)` */
export function aPathAccess(text: string, user: UserInfo): PathAccess {
  const [verb = "", path = ""] = text.split(" ");
  return { kind: "path", user, verb, path };
}

export function aUser(name: string, ...groups: readonly string[]): UserInfo {
  return { name, groups: [...groups, "system:authenticated"] };
}

/** `aRule("get,list pods,pods/log")`, with names behind that if it is about some only. */
export function aRule(text: string, group = ""): PolicyRule {
  const [verbs = "", resources = "", names = ""] = text.split(" ");
  return {
    apiGroups: [group],
    resources: resources.split(","),
    verbs: verbs.split(","),
    ...(names === "" ? {} : { resourceNames: names.split(",") }),
  };
}

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const API_GROUP = "rbac.authorization.k8s.io";

/** A role and its binding, both called `name`; without a namespace, for the whole cluster. */
export async function grant(
  server: TestServer,
  name: string,
  subject: string,
  rules: readonly PolicyRule[],
  namespace?: string,
): Promise<void> {
  const scope = namespace === undefined ? RBAC : `${RBAC}/namespaces/${namespace}`;
  const [role, binding, kind] =
    namespace === undefined
      ? ["clusterroles", "clusterrolebindings", "ClusterRole"]
      : ["roles", "rolebindings", "Role"];
  const metadata = { name };
  await server.call("POST", `${scope}/${role}`, { body: { metadata, rules } });
  const roleRef = { apiGroup: API_GROUP, kind, name };
  const body = { metadata, roleRef, subjects: [aSubject(subject)] };
  await server.call("POST", `${scope}/${binding}`, { body });
}

/** `User alice`, `Group devs`, `ServiceAccount t/builder` */
export function aSubject(text: string): Subject {
  const [kind = "", rest = ""] = text.split(" ");
  if (kind !== "ServiceAccount") return { apiGroup: API_GROUP, kind, name: rest };
  const [namespace = "", name = ""] = rest.split("/");
  return { kind, name, namespace };
}
