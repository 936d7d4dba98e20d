/**
 * The roles and bindings that every API server has from its start, as a table: lists of words are
 * written as one text with spaces between, because that is how people read and compare them.
 */
import { parse } from "yaml";

/** Files below the folder of facts, in the order in which upstream makes their objects. */
export const RBAC_FILES: readonly string[] = [
  "rbac/cluster-roles.yaml",
  "rbac/controller-roles.yaml",
  "rbac/cluster-role-bindings.yaml",
  "rbac/controller-role-bindings.yaml",
  "rbac/namespace-roles.yaml",
  "rbac/namespace-role-bindings.yaml",
];

/** What a distribution adds: objects by the beginnings of their names, and resources in rules. */
const DISTRIBUTION_PREFIXES = ["system:openshift:", "system:controller:service-ca-cert-publisher"];
const DISTRIBUTION_RESOURCE = "endpointslices/restricted";

type Rule = {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
};

type Subject = { readonly kind: string; readonly name: string; readonly namespace?: string };

type RbacObject = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly aggregationRule?: {
    readonly clusterRoleSelectors: readonly {
      readonly matchLabels: Readonly<Record<string, string>>;
    }[];
  };
  readonly rules?: readonly Rule[] | null;
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
};

const HEADER = `// Generated from the published roles of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { BindingFacts, RoleFacts } from "./rbac-objects.ts";
`;

/** The table, as a source file. */
export function printRbacFacts(yamlTexts: readonly string[]): string {
  const objects = yamlTexts
    .flatMap((text) => (parse(text) as { readonly items: readonly RbacObject[] }).items)
    .filter(({ metadata: { name } }) =>
      DISTRIBUTION_PREFIXES.every((prefix) => !name.startsWith(prefix)),
    );
  const ofKind = (kind: string): readonly RbacObject[] =>
    objects.filter((object) => object.kind === kind);
  return [
    HEADER,
    printTable("CLUSTER_ROLES", "RoleFacts", ofKind("ClusterRole").map(printRole)),
    printTable(
      "CLUSTER_ROLE_BINDINGS",
      "BindingFacts",
      ofKind("ClusterRoleBinding").map(printBinding),
    ),
    printTable("ROLES", "RoleFacts", ofKind("Role").map(printRole)),
    printTable("ROLE_BINDINGS", "BindingFacts", ofKind("RoleBinding").map(printBinding)),
  ].join("\n");
}

function printTable(name: string, type: string, rows: readonly string[]): string {
  return `export const ${name}: readonly ${type}[] = [\n${rows.join("")}];\n`;
}

function printRole({ metadata, aggregationRule, rules }: RbacObject): string {
  const { "kubernetes.io/bootstrapping": _, ...labels } = metadata.labels ?? {};
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  const gathered = selectors.flatMap(({ matchLabels }) => Object.keys(matchLabels));
  return printRow([
    ...printName(metadata),
    ...(Object.keys(labels).length === 0 ? [] : [printField("labels", Object.keys(labels))]),
    ...(gathered.length === 0 ? [] : [printField("aggregates", gathered)]),
    ...(aggregationRule === undefined
      ? [`rules: [\n${upstreamRules(rules).map(printRule).join("")}    ]`]
      : []),
  ]);
}

function upstreamRules(rules: RbacObject["rules"]): readonly Rule[] {
  return (rules ?? []).filter(
    ({ resources }) => resources?.includes(DISTRIBUTION_RESOURCE) !== true,
  );
}

function printRule(rule: Rule): string {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs } = rule;
  if (nonResourceURLs !== undefined) {
    return `      { ${printField("verbs", verbs)}, ${printField("urls", nonResourceURLs)} },\n`;
  }
  const groups = apiGroups.map((group) => (group === "" ? "core" : group));
  const parts = [
    printField("verbs", verbs),
    printField("groups", groups),
    printField("resources", resources),
    ...(resourceNames.length === 0 ? [] : [printField("names", resourceNames)]),
  ];
  const line = `      { ${parts.join(", ")} },\n`;
  if (line.length <= 101) return line;
  return `      {\n${parts.map((part) => `        ${part},\n`).join("")}      },\n`;
}

function printBinding({ metadata, roleRef, subjects = [] }: RbacObject): string {
  return printRow([
    ...printName(metadata),
    ...(roleRef?.name === metadata.name ? [] : [`role: ${JSON.stringify(roleRef?.name)}`]),
    printSubjects(subjects.map(printSubject)),
  ]);
}

function printSubjects(subjects: readonly string[]): string {
  const line = `subjects: [${subjects.join(", ")}]`;
  if (line.length <= 95) return line;
  return `subjects: [\n${subjects.map((subject) => `      ${subject},\n`).join("")}    ]`;
}

function printSubject({ kind, name, namespace }: Subject): string {
  return JSON.stringify(`${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

function printName({ name, namespace }: RbacObject["metadata"]): readonly string[] {
  const named = `name: ${JSON.stringify(name)}`;
  return namespace === undefined ? [named] : [`namespace: ${JSON.stringify(namespace)}`, named];
}

function printRow(parts: readonly string[]): string {
  const line = `  { ${parts.join(", ")} },\n`;
  if (line.length <= 101 && !line.slice(0, -1).includes("\n")) return line;
  return `  {\n${parts.map((part) => `    ${part},\n`).join("")}  },\n`;
}

/** Words of a list; long ones over several lines. */
function printField(name: string, words: readonly string[]): string {
  const text = JSON.stringify(words.join(" "));
  if (text.length <= 84) return `${name}: ${text}`;
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line.length + word.length > 78) {
      lines.push(line);
      line = "";
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return `${name}:\n          ${lines.map((each) => JSON.stringify(each)).join(" +\n          ")}`;
}
