/** Flow schemas, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  invalid,
  required,
  unsupported,
} from "../../field-errors.ts";
import { MANDATORY_FLOW_SCHEMAS } from "./mandatory.ts";
import type {
  FlowSchema,
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from "./types.generated.ts";

const PRECEDENCE_MAX = 10_000;
const METHODS: readonly string[] = ["ByNamespace", "ByUser"];
const SUBJECT_KINDS: readonly string[] = ["Group", "ServiceAccount", "User"];
const VERBS: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "proxy",
  "update",
  "watch",
];

/** What is wrong with a schema that has its defaults. */
export function flowSchemaErrors(flowSchema: FlowSchema): readonly FieldError[] {
  const { name = "" } = flowSchema.metadata;
  const { spec } = flowSchema;
  const mandatory = MANDATORY_FLOW_SCHEMAS.get(name);
  const isOther = mandatory !== undefined && !equalValues(spec, mandatory);
  return [
    ...precedenceErrors(name, spec.matchingPrecedence ?? 0),
    ...methodErrors("spec.distinguisherMethod.type", spec),
    ...levelErrors("spec.priorityLevelConfiguration.name", spec.priorityLevelConfiguration.name),
    ...(spec.rules ?? []).flatMap((rule, index) => ruleErrors(`spec.rules[${index}]`, rule)),
    ...errorIf(isOther, invalid("spec", spec, `spec of '${name}' must equal the fixed value`)),
  ];
}

function precedenceErrors(name: string, precedence: number): readonly FieldError[] {
  const field = "spec.matchingPrecedence";
  const tooHigh = `must not be greater than ${PRECEDENCE_MAX}`;
  const first = "only the schema named 'exempt' may have matchingPrecedence 1";
  return [
    ...errorIf(precedence <= 0, invalid(field, precedence, "must be a positive value")),
    ...errorIf(precedence > PRECEDENCE_MAX, invalid(field, precedence, tooHigh)),
    ...errorIf(precedence === 1 && name !== "exempt", invalid(field, precedence, first)),
  ];
}

function methodErrors(
  field: string,
  { distinguisherMethod }: FlowSchemaSpec,
): readonly FieldError[] {
  if (distinguisherMethod === undefined || METHODS.includes(distinguisherMethod.type)) return [];
  return [unsupported(field, { Type: distinguisherMethod.type }, METHODS)];
}

function levelErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field, "must reference a priority level")];
  return fromProblem(field, name, dnsSubdomainProblem(name));
}

function ruleErrors(path: string, rule: PolicyRulesWithSubjects): readonly FieldError[] {
  const { subjects, resourceRules = [], nonResourceRules = [] } = rule;
  const noSubject = "subjects must contain at least one value";
  const noRule = "at least one of resourceRules and nonResourceRules has to be non-empty";
  return [
    ...errorIf(subjects.length === 0, required(`${path}.subjects`, noSubject)),
    ...subjects.flatMap((subject, index) => subjectErrors(`${path}.subjects[${index}]`, subject)),
    ...errorIf(resourceRules.length + nonResourceRules.length === 0, required(path, noRule)),
    ...resourceRules.flatMap((each, index) =>
      resourceRuleErrors(`${path}.resourceRules[${index}]`, each),
    ),
    ...nonResourceRules.flatMap((each, index) =>
      nonResourceRuleErrors(`${path}.nonResourceRules[${index}]`, each),
    ),
  ];
}

/** A subject is of one kind, and has the fields of that kind alone. */
function subjectErrors(path: string, subject: Subject): readonly FieldError[] {
  const { kind, serviceAccount, user, group } = subject;
  const misplaced = (
    field: "serviceAccount" | "user" | "group",
    owner: string,
  ): readonly FieldError[] =>
    errorIf(
      kind !== owner && subject[field] !== undefined,
      forbidden(`${path}.${field}`, `${field} is forbidden when subject kind is not '${owner}'`),
    );
  switch (kind) {
    case "ServiceAccount":
      return [
        ...accountErrors(`${path}.serviceAccount`, serviceAccount),
        ...misplaced("user", "User"),
        ...misplaced("group", "Group"),
      ];
    case "User":
      return [
        ...nameErrors(`${path}.user`, user, kind),
        ...misplaced("serviceAccount", "ServiceAccount"),
        ...misplaced("group", "Group"),
      ];
    case "Group":
      return [
        ...nameErrors(`${path}.group`, group, kind),
        ...misplaced("serviceAccount", "ServiceAccount"),
        ...misplaced("user", "User"),
      ];
    default:
      return [unsupported(`${path}.kind`, kind, SUBJECT_KINDS)];
  }
}

function accountErrors(path: string, account: Subject["serviceAccount"]): readonly FieldError[] {
  if (account === undefined) {
    return [required(path, "serviceAccount is required when subject kind is 'ServiceAccount'")];
  }
  const { name, namespace } = account;
  const isAll = name === "*";
  return [
    ...errorIf(name === "", required(`${path}.name`)),
    ...(name === "" || isAll ? [] : fromProblem(`${path}.name`, name, dnsSubdomainProblem(name))),
    ...(namespace === ""
      ? [required(`${path}.namespace`, "must specify namespace for service account")]
      : fromProblem(`${path}.namespace`, namespace, dnsLabelProblem(namespace))),
  ];
}

function nameErrors(
  path: string,
  subject: { readonly name: string } | undefined,
  kind: "User" | "Group",
): readonly FieldError[] {
  if (subject === undefined) {
    return [required(path, `${kind.toLowerCase()} is required when subject kind is '${kind}'`)];
  }
  return errorIf(subject.name === "", required(`${path}.name`));
}

function resourceRuleErrors(path: string, rule: ResourcePolicyRule): readonly FieldError[] {
  const { verbs, apiGroups, resources } = rule;
  const noGroup = "resource rules must supply at least one api group";
  const noResource = "resource rules must supply at least one resource";
  return [
    ...verbErrors(`${path}.verbs`, verbs),
    ...errorIf(apiGroups.length === 0, required(`${path}.apiGroups`, noGroup)),
    ...aloneErrors(`${path}.apiGroups`, apiGroups, "api groups"),
    ...errorIf(resources.length === 0, required(`${path}.resources`, noResource)),
    ...aloneErrors(`${path}.resources`, resources, "resources"),
    ...namespaceErrors(`${path}.namespaces`, rule),
  ];
}

function namespaceErrors(field: string, rule: ResourcePolicyRule): readonly FieldError[] {
  const { clusterScope = false } = rule;
  const namespaces = rule.namespaces ?? [];
  if (namespaces.length === 0) {
    const detail = "resource rules that are not cluster scoped must supply at least one namespace";
    return errorIf(!clusterScope, required(field, detail));
  }
  if (namespaces.includes("*")) return aloneErrors(field, namespaces, "namespaces");
  return namespaces.flatMap((namespace, index) => {
    const problem = dnsLabelProblem(namespace);
    const detail = `each member of this list must be '*' or a DNS-1123 label; ${problem}`;
    return errorIf(problem !== undefined, invalid(`${field}[${index}]`, namespace, detail));
  });
}

function nonResourceRuleErrors(path: string, rule: NonResourcePolicyRule): readonly FieldError[] {
  const { verbs, nonResourceURLs: urls } = rule;
  const field = `${path}.nonResourceURLs`;
  const noUrl = "nonResourceURLs must contain at least one value";
  return [
    ...verbErrors(`${path}.verbs`, verbs),
    ...errorIf(urls.length === 0, required(field, noUrl)),
    ...(urls.includes("*")
      ? aloneErrors(field, urls, "non-resource URLs")
      : urls.flatMap((url, index) => fromProblem(`${field}[${index}]`, url, urlProblem(url)))),
  ];
}

function verbErrors(field: string, verbs: readonly string[]): readonly FieldError[] {
  if (verbs.length === 0) return [required(field, "verbs must contain at least one value")];
  if (verbs.includes("*")) return aloneErrors(field, verbs, "verbs");
  const isKnown = verbs.every((verb) => VERBS.includes(verb));
  return errorIf(!isKnown, unsupported(field, verbs, VERBS));
}

/** Who says "all" has nothing more to say. */
function aloneErrors(field: string, texts: readonly string[], what: string): readonly FieldError[] {
  const isMore = texts.length > 1 && texts.includes("*");
  return errorIf(
    isMore,
    invalid(field, texts, `if '*' is present, must not specify other ${what}`),
  );
}

function urlProblem(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const stars = url.split("*").length - 1;
  const isSuffix = stars === 1 && url.endsWith("/*");
  return stars === 0 || isSuffix ? undefined : "wildcard can only do suffix matching";
}
