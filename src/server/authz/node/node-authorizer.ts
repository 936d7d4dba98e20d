/**
 * What nodes may do: report about themselves and their pods, and read what these refer to. Other
 * users are none of its business. Refusals say why, in the words that tools know.
 */
import { UNDECIDED, ALLOWED, NO_RULES, undecided } from "../authorizer.ts";
import type { Access, Authorizer, Decision, ResourceAccess } from "../authorizer.ts";
import { ruleAllows } from "../rbac/policy-rule.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import type { NodeGraph } from "./node-graph.ts";
import { NODE_RULES } from "./node-rules.ts";

const USER_PREFIX = "system:node:";
const NODES_GROUP = "system:nodes";
const LEASE_NAMESPACE = "kube-node-lease";

/** The node whose agent the user is; "" is a member of the group that is no node, or unknown. */
export function nodeOfUser({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(USER_PREFIX) || !groups.includes(NODES_GROUP)) return undefined;
  return name.slice(USER_PREFIX.length);
}

export function nodeAuthorizer(graph: NodeGraph): Authorizer {
  return {
    authorize: (access) => {
      const node = nodeOfUser(access.user);
      if (node === undefined) return UNDECIDED;
      if (node === "") {
        return undecided(`unknown node for user ${JSON.stringify(access.user.name)}`);
      }
      const behind = graph.catchUp();
      if (behind === undefined) return decide(node, access, graph);
      return behind.then(() => decide(node, access, graph));
    },
    rulesOf: (user) => {
      if (nodeOfUser(user) === undefined) return NO_RULES;
      const problem = "node authorizer does not support user rule resolution";
      return { ...NO_RULES, isComplete: false, problem };
    },
  };
}

function decide(node: string, access: Access, graph: NodeGraph): Decision {
  if (access.kind === "resource") {
    const rule = RULES.get(`${access.group}/${access.resource}`);
    if (rule !== undefined) return rule(node, access, graph);
  }
  return NODE_RULES.some((rule) => ruleAllows(rule, access)) ? ALLOWED : UNDECIDED;
}

type Rule = (node: string, access: ResourceAccess, graph: NodeGraph) => Decision;

/** Kinds of which a node may see or write only some, by group and resource. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ["/secrets", readRelated],
  ["/configmaps", readRelated],
  ["/persistentvolumeclaims", ofClaims],
  ["/persistentvolumes", getRelated],
  ["resource.k8s.io/resourceclaims", getRelated],
  ["resource.k8s.io/resourceslices", ofSlices],
  ["storage.k8s.io/volumeattachments", getRelated],
  ["storage.k8s.io/csinodes", ofCsiNodes],
  ["/serviceaccounts", ofServiceAccounts],
  ["coordination.k8s.io/leases", ofLeases],
  ["/nodes", ofNodes],
  ["/pods", ofPods],
]);

function readRelated(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  if (!["get", "list", "watch"].includes(access.verb)) {
    return undecided("can only read resources of this type");
  }
  if (access.subresource !== "") return undecided("cannot read subresource");
  if (access.namespace === "") {
    return undecided("can only read namespaced object of this type");
  }
  return related(node, access, graph);
}

function getRelated(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  if (access.verb !== "get") return undecided("can only get individual resources of this type");
  if (access.subresource !== "") return undecided("cannot get subresource");
  return related(node, access, graph);
}

function ofClaims(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  if (access.subresource !== "status") return getRelated(node, access, graph);
  const isChange = access.verb === "update" || access.verb === "patch";
  return isChange ? related(node, access, graph) : undecided("can only get/update/patch this type");
}

function ofServiceAccounts(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  const { verb, name, subresource } = access;
  if (verb === "get" && subresource === "") return related(node, access, graph);
  if (verb !== "create" || name === "") {
    return undecided("can only create tokens for individual service accounts");
  }
  if (subresource !== "token") {
    return undecided("can only create token subresource of serviceaccount");
  }
  return related(node, access, graph);
}

function ofLeases(node: string, { verb, namespace, name }: ResourceAccess): Decision {
  if (!OWN_OBJECT_VERBS.includes(verb)) {
    return undecided("can only get, create, update, patch, or delete a node lease");
  }
  if (namespace !== LEASE_NAMESPACE) {
    return undecided(`can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
  }
  if (verb === "create" || name === node) return ALLOWED;
  return undecided("can only access node lease with the same name as the requesting node");
}

function ofCsiNodes(node: string, { verb, name, subresource }: ResourceAccess): Decision {
  if (!OWN_OBJECT_VERBS.includes(verb)) {
    return undecided("can only get, create, update, patch, or delete a CSINode");
  }
  if (subresource !== "") return undecided("cannot authorize CSINode subresources");
  if (verb === "create" || name === node) return ALLOWED;
  return undecided("can only access CSINode with the same name as the requesting node");
}

const OWN_OBJECT_VERBS: readonly string[] = ["get", "create", "update", "patch", "delete"];

function ofSlices(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  if (access.subresource !== "") return undecided("cannot authorize ResourceSlice subresources");
  switch (access.verb) {
    case "create":
      return ALLOWED;
    case "get":
    case "update":
    case "patch":
    case "delete":
      return related(node, access, graph);
    case "watch":
    case "list":
    case "deletecollection":
      return selectsField(access, "nodeName", node) || selectsField(access, "spec.nodeName", node)
        ? ALLOWED
        : undecided(
            "can only list/watch/deletecollection resourceslices with nodeName field selector",
          );
    default:
      return undecided(
        "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, " +
          "update, patch, delete, deletecollection",
      );
  }
}

function ofNodes(node: string, { verb, name, subresource }: ResourceAccess): Decision {
  const isChange = verb === "update" || verb === "patch";
  if (subresource === "status") return isChange ? ALLOWED : UNDECIDED;
  if (subresource !== "") return UNDECIDED;
  if (isChange || verb === "create") return ALLOWED;
  if (verb !== "get" && verb !== "list" && verb !== "watch") return UNDECIDED;
  if (name === node) return ALLOWED;
  const what = name === "" ? "all nodes" : `'${name}'`;
  return undecided(`node '${node}' cannot read ${what}, only its own Node object`);
}

function ofPods(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  const { verb, subresource, name } = access;
  switch (subresource) {
    case "":
      if (verb === "create" || verb === "delete") return ALLOWED;
      if (verb === "get") return getRelated(node, access, graph);
      if (verb !== "list" && verb !== "watch") return UNDECIDED;
      if (selectsField(access, "spec.nodeName", node)) return ALLOWED;
      if (name !== "") return related(node, access, graph);
      return undecided("can only list/watch pods with spec.nodeName field selector");
    case "status":
      return verb === "update" || verb === "patch" ? ALLOWED : UNDECIDED;
    case "eviction":
      return verb === "create" ? ALLOWED : UNDECIDED;
    default:
      return UNDECIDED;
  }
}

function related(node: string, access: ResourceAccess, graph: NodeGraph): Decision {
  const { resource, namespace, name } = access;
  if (name === "") return undecided("No Object name found");
  if (graph.isRelated(node, resource, namespace, name)) return ALLOWED;
  return undecided(`no relationship found between node '${node}' and this object`);
}

function selectsField({ fields = [] }: ResourceAccess, field: string, value: string): boolean {
  return fields.some(
    (each) => each.field === field && each.operator === "=" && each.value === value,
  );
}
