/** Flow schemas and priority levels that every server has, and that nobody can change. */
import type {
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from "./types.generated.ts";

/** All requests for resources, of all namespaces and of the cluster. */
export const EVERY_RESOURCE: ResourcePolicyRule = {
  verbs: ["*"],
  apiGroups: ["*"],
  resources: ["*"],
  clusterScope: true,
  namespaces: ["*"],
};

/** All other requests. */
export const EVERY_URL: NonResourcePolicyRule = { verbs: ["*"], nonResourceURLs: ["*"] };

/** Members of these groups. */
export function groups(...names: readonly string[]): readonly Subject[] {
  return names.map((name) => ({ kind: "Group", group: { name } }));
}

/** Those who have shown who they are, and those who have not. */
export const EVERYONE: readonly Subject[] = groups(
  "system:unauthenticated",
  "system:authenticated",
);

export const MANDATORY_FLOW_SCHEMAS: ReadonlyMap<string, FlowSchemaSpec> = new Map([
  [
    "exempt",
    {
      priorityLevelConfiguration: { name: "exempt" },
      matchingPrecedence: 1,
      rules: [
        {
          subjects: groups("system:masters"),
          resourceRules: [EVERY_RESOURCE],
          nonResourceRules: [EVERY_URL],
        },
      ],
    },
  ],
  [
    "catch-all",
    {
      priorityLevelConfiguration: { name: "catch-all" },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: EVERYONE,
          resourceRules: [EVERY_RESOURCE],
          nonResourceRules: [EVERY_URL],
        },
      ],
    },
  ],
]);

export const MANDATORY_PRIORITY_LEVELS: ReadonlyMap<string, PriorityLevelConfigurationSpec> =
  new Map<string, PriorityLevelConfigurationSpec>([
    ["exempt", { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }],
    [
      "catch-all",
      {
        type: "Limited",
        limited: {
          nominalConcurrencyShares: 5,
          lendablePercent: 0,
          limitResponse: { type: "Reject" },
        },
      },
    ],
  ]);
