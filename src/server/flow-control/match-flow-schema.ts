/** Which requests a flow schema is about: by who asks, and for what. */
import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from "../../apis/flowcontrol/v1/types.generated.ts";
import { compareText } from "../../machinery/key.ts";
import type { UserInfo } from "../../machinery/request.ts";
import type { PathInfo, RequestInfo, ResourceInfo } from "../request-info.ts";

const ALL = "*";
const SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";

/** The order in which schemas are tried: precedence, then name. */
export function compareFlowSchemas(a: FlowSchema, b: FlowSchema): number {
  const precedence = (schema: FlowSchema): number => schema.spec.matchingPrecedence ?? 1_000;
  const byName = compareText(a.metadata.name ?? "", b.metadata.name ?? "");
  return precedence(a) - precedence(b) || byName;
}

/** Whether one of the rules of the schema is about the request. */
export function matchesFlowSchema(schema: FlowSchema, user: UserInfo, info: RequestInfo): boolean {
  return (schema.spec.rules ?? []).some(
    (rule) => rule.subjects.some((subject) => isSubject(subject, user)) && isAbout(rule, info),
  );
}

function isAbout(rule: PolicyRulesWithSubjects, info: RequestInfo): boolean {
  if (info.kind === "path") {
    return (rule.nonResourceRules ?? []).some((each) => isPathRule(each, info));
  }
  return (rule.resourceRules ?? []).some((each) => isResourceRule(each, info));
}

function isSubject(subject: Subject, user: UserInfo): boolean {
  switch (subject.kind) {
    case "User":
      return includesOrAll([subject.user?.name ?? ""], user.name);
    case "Group": {
      const name = subject.group?.name ?? "";
      return name === ALL || user.groups.includes(name);
    }
    case "ServiceAccount": {
      const { namespace = "", name = "" } = subject.serviceAccount ?? {};
      const prefix = `${SERVICE_ACCOUNT_PREFIX}${namespace}:`;
      return name === ALL ? user.name.startsWith(prefix) : user.name === prefix + name;
    }
    default:
      return false;
  }
}

function isResourceRule(rule: ResourcePolicyRule, info: ResourceInfo): boolean {
  const { resource, subresource, namespace } = info;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return (
    includesOrAll(rule.verbs, info.verb) &&
    includesOrAll(rule.apiGroups, info.group) &&
    includesOrAll(rule.resources, full) &&
    (namespace === ""
      ? rule.clusterScope === true
      : includesOrAll(rule.namespaces ?? [], namespace))
  );
}

function isPathRule(rule: NonResourcePolicyRule, info: PathInfo): boolean {
  return (
    includesOrAll(rule.verbs, info.verb) && rule.nonResourceURLs.some((url) => isUrl(url, info))
  );
}

function isUrl(url: string, { path }: PathInfo): boolean {
  if (url === ALL || url === path) return true;
  return url.endsWith("/*") && path.startsWith(url.slice(0, -1));
}

function includesOrAll(values: readonly string[], value: string): boolean {
  return values.includes(ALL) || values.includes(value);
}
