/** Somebody with few rights who asks for explanations, for tests. */
import type { UserInfo } from "../../machinery/request.ts";
import type { TestServer } from "./test-server.ts";

/** A user who may ask, and what the rule says. */
export async function anAsker(server: TestServer, rule: object): Promise<UserInfo> {
  const asking = { apiGroups: ["trace.setpoint.dev"], resources: ["explanations"] };
  const rules = [{ ...asking, verbs: ["create"] }, rule];
  const roles = "/apis/rbac.authorization.k8s.io/v1";
  await server.call("POST", `${roles}/clusterroles`, { body: { metadata: { name: "r" }, rules } });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" };
  const subjects = [{ apiGroup: roleRef.apiGroup, kind: "User", name: "bob" }];
  const body = { metadata: { name: "b" }, roleRef, subjects };
  await server.call("POST", `${roles}/clusterrolebindings`, { body });
  return { name: "bob", groups: ["system:authenticated"] };
}
