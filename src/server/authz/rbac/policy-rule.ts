/** Rules of roles: what each allows, and whether some rules allow all that others do. */
import type { PolicyRule, Subject } from "../../../apis/rbac/v1/types.generated.ts";
import { compareText } from "../../../machinery/key.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import { serviceAccountUser } from "../../authn/service-account/user-name.ts";
import type { Access } from "../authorizer.ts";

const ALL = "*";

/** Whether one rule allows the access. */
export function ruleAllows(rule: PolicyRule, access: Access): boolean {
  if (!hasOrAll(rule.verbs, access.verb)) return false;
  if (access.kind === "path") {
    return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, access.path));
  }
  const { group, resource, subresource, name } = access;
  const { resourceNames = [] } = rule;
  return (
    hasOrAll(rule.apiGroups, group) &&
    coversResource(rule.resources ?? [], resource, subresource) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

/**
 * Whether a subject of a binding is this user. `namespace` is that of the binding: where service
 * accounts are looked for that say no namespace themselves.
 */
export function isSubject(subject: Subject, user: UserInfo, namespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === user.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const home = namespaceOf(subject, namespace);
      return home !== "" && user.name === serviceAccountUser(home, subject.name);
    }
    default:
      return false;
  }
}

/** `Group "devs"`, `ServiceAccount "builder/ci"`. */
export function subjectText(subject: Subject, namespace: string): string {
  if (subject.kind !== "ServiceAccount") return `${subject.kind} ${JSON.stringify(subject.name)}`;
  return `${subject.kind} ${JSON.stringify(`${subject.name}/${namespaceOf(subject, namespace)}`)}`;
}

/** Every grant of `rules` that `held` does not allow already, as rules of one grant each. */
export function missingRules(
  held: readonly PolicyRule[],
  rules: readonly PolicyRule[],
): readonly PolicyRule[] {
  return rules.flatMap(singleGrants).filter((grant) => !held.some((rule) => covers(rule, grant)));
}

/** Rules of one resource that differ in their verbs only, put together; the others as they are. */
export function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const others: PolicyRule[] = [];
  const simple = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const isSimple = apiGroups.length === 1 && resources.length === 1 && resourceNames.length <= 1;
    if (!isSimple || nonResourceURLs.length > 0) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const before = simple.get(key);
    const verbs = before === undefined ? rule.verbs : [...before.verbs, ...rule.verbs];
    simple.set(key, { ...rule, verbs });
  }
  return [...others, ...simple.values()];
}

/** How refusals print a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function ruleText(rule: PolicyRule): string {
  const parts: readonly (readonly [string, readonly string[] | undefined])[] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const texts = parts.flatMap(([name, values = []]) =>
    values.length === 0 ? [] : [`${name}:${listText(values)}`],
  );
  return `{${texts.join(", ")}}`;
}

/** `["a" "b"]` */
export function listText(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}

/** The texts of rules, each once, in order. */
export function ruleTexts(rules: readonly PolicyRule[]): readonly string[] {
  return [...new Set(rules.map(ruleText))].sort(compareText);
}

function namespaceOf(subject: Subject, namespace: string): string {
  return subject.namespace === undefined || subject.namespace === ""
    ? namespace
    : subject.namespace;
}

function hasOrAll(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes(value) || values.includes(ALL));
}

/** `pods`, `pods/log`, `*`, or `*` before the slash: a subresource of every resource. */
function coversResource(
  resources: readonly string[],
  resource: string,
  subresource: string,
): boolean {
  if (subresource === "") return hasOrAll(resources, resource);
  const endpoint = `${resource}/${subresource}`;
  return hasOrAll(resources, endpoint) || resources.includes(`${ALL}/${subresource}`);
}

/** An asterisk at the end stands for any rest. */
function urlCovers(url: string, path: string): boolean {
  if (url === ALL || url === path) return true;
  return url.endsWith(ALL) && path.startsWith(url.replace(/\*+$/, ""));
}

/** The rule taken apart into rules of one verb on one thing. */
function singleGrants(rule: PolicyRule): readonly PolicyRule[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      rule.verbs.flatMap((verb): readonly PolicyRule[] => {
        const grant = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) return [grant];
        return resourceNames.map((name) => ({ ...grant, resourceNames: [name] }));
      }),
    ),
  );
  const ofPaths = nonResourceURLs.flatMap((url) =>
    rule.verbs.map((verb): PolicyRule => ({ nonResourceURLs: [url], verbs: [verb] })),
  );
  return [...ofResources, ...ofPaths];
}

/** Whether `rule` allows all that the single grant does. */
function covers(rule: PolicyRule, grant: PolicyRule): boolean {
  const { resourceNames = [] } = rule;
  const names = grant.resourceNames ?? [];
  const coversNames =
    resourceNames.length === 0 ||
    (names.length > 0 && names.every((name) => resourceNames.includes(name)));
  return (
    coversNames &&
    grant.verbs.every((verb) => hasOrAll(rule.verbs, verb)) &&
    (grant.apiGroups ?? []).every((group) => hasOrAll(rule.apiGroups, group)) &&
    (grant.resources ?? []).every((each) => coversEndpoint(rule.resources ?? [], each)) &&
    (grant.nonResourceURLs ?? []).every((url) =>
      (rule.nonResourceURLs ?? []).some((held) => urlCovers(held, url)),
    )
  );
}

function coversEndpoint(resources: readonly string[], endpoint: string): boolean {
  if (hasOrAll(resources, endpoint)) return true;
  const slash = endpoint.indexOf("/");
  return slash >= 0 && resources.includes(`${ALL}${endpoint.slice(slash)}`);
}
