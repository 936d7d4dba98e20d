import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, type Sent, updated, updateRefusalOf } from "../../testing.ts";
import { cronJobStrategy } from "./cron-job.ts";
import { jobStrategy } from "./job.ts";
import type { CronJob, Job } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const UID = "7c1f";
const POD = { containers: [{ name: "c", image: "x" }], restartPolicy: "Never" };
const METADATA = { name: "j", namespace: "t", uid: UID };

function sent(spec: Loose = {}, metadata: Loose = METADATA): Sent {
  return { metadata, spec: { template: { spec: POD }, ...spec } };
}

const aJob = (spec: Loose = {}): Job => created(jobStrategy, sent(spec));

test("a job without labels has those of its pods, and one with labels its own", () => {
  const template = { metadata: { labels: { a: "b" } }, spec: POD };
  const given = created(jobStrategy, sent({ template }));
  expect(given.metadata.labels).toEqual(given.spec.template.metadata.labels);
  const own = created(jobStrategy, sent({ template }, { ...METADATA, labels: { c: "d" } }));
  expect(own.metadata.labels).toEqual({ c: "d" });
});

test("a new job runs one pod to its end, and finds it by its own uid", () => {
  const { metadata, spec, status } = aJob();
  const labels = {
    "batch.kubernetes.io/controller-uid": UID,
    "batch.kubernetes.io/job-name": "j",
    "controller-uid": UID,
    "job-name": "j",
  };
  expect(spec).toMatchObject({
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: "TerminatingOrFailed",
    manualSelector: false,
    selector: { matchLabels: { "batch.kubernetes.io/controller-uid": UID } },
    template: { metadata: { labels } },
  });
  expect([metadata.labels, status]).toEqual([labels, {}]);
});

test("what a job may fail for itself or for each index depends on the other", () => {
  const perIndex = { completionMode: "Indexed", completions: 2, backoffLimitPerIndex: 1 };
  expect(aJob(perIndex).spec.backoffLimit).toBe(2 ** 31 - 1);
  expect(aJob({ parallelism: 3 }).spec).not.toHaveProperty("completions");
});

const RULE = { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] };

for (const { name, spec, told } of [
  {
    name: "pods that start again for ever",
    spec: { template: { spec: { ...POD, restartPolicy: "Always" } } },
    told: 'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  },
  {
    name: "a way to complete that is none",
    spec: { completionMode: "Odd" },
    told: 'spec.completionMode: Unsupported value: "Odd": supported values: "NonIndexed", "Indexed"',
  },
  {
    name: "indexes without an end",
    spec: { completionMode: "Indexed", parallelism: 1 },
    told: "spec.completions: Required value: when completion mode is Indexed",
  },
  {
    name: "limits by index where there are none",
    spec: { backoffLimitPerIndex: 1 },
    told: "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
  },
  {
    name: "failed indexes without a limit for each",
    spec: { completionMode: "Indexed", completions: 2, maxFailedIndexes: 1 },
    told: "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
  },
  {
    name: "a manager that is no name",
    spec: { managedBy: "me" },
    told: 'spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
  },
  {
    name: "a rule that says nothing",
    spec: { podFailurePolicy: { rules: [{ action: "FailJob" }] } },
    told: "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
  },
  {
    name: "a rule that fails an index that is none",
    spec: { podFailurePolicy: { rules: [{ ...RULE, action: "FailIndex" }] } },
    told: 'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
  },
  {
    name: "exit codes in disorder",
    spec: {
      podFailurePolicy: {
        rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [2, 1, 1, 0] } }],
      },
    },
    told: "[spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 1, spec.podFailurePolicy.rules[0].onExitCodes.values[3]: Invalid value: 0: must not be 0 for the In operator, spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1,1,0]: must be ordered]",
  },
  {
    name: "a rule without action",
    spec: { podFailurePolicy: { rules: [{ ...RULE, action: "" }] } },
    told: 'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
  },
  {
    name: "rules for pods that restart by themselves",
    spec: {
      podFailurePolicy: { rules: [RULE] },
      template: { spec: { ...POD, restartPolicy: "OnFailure" } },
    },
    told: 'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
  },
  {
    name: "replacing pods that have not failed, under such rules",
    spec: { podFailurePolicy: { rules: [RULE] }, podReplacementPolicy: "TerminatingOrFailed" },
    told: 'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
  },
  {
    name: "a success that no index decides",
    spec: { successPolicy: { rules: [{ succeededCount: 1 }] } },
    told: 'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
  },
  {
    name: "a success of indexes that there are not",
    spec: {
      completionMode: "Indexed",
      completions: 3,
      successPolicy: { rules: [{ succeededIndexes: "0,2-3" }] },
    },
    told: 'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,2-3": error parsing succeededIndexes: too large index: "3"',
  },
  {
    name: "more successes than indexes",
    spec: {
      completionMode: "Indexed",
      completions: 3,
      successPolicy: { rules: [{ succeededIndexes: "0-1", succeededCount: 3 }] },
    },
    told: "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
  },
  {
    name: "labels that are another job's",
    spec: { template: { metadata: { labels: { "job-name": "other" } }, spec: POD } },
    told: `must be 'j'`,
  },
] as const) {
  test(`a job is refused for ${name}`, () => {
    expect(refusalOf(jobStrategy, sent(spec))).toContain(told);
  });
}

test("the pods of an indexed job need names that are labels", () => {
  const metadata = { ...METADATA, name: "j".repeat(62) };
  const spec = { completionMode: "Indexed", completions: 11 };
  expect(refusalOf(jobStrategy, sent(spec, metadata))).toContain(
    "will not able to create pod with invalid DNS label",
  );
});

test("a job keeps its pods' template, shown as it would be", () => {
  const old = aJob();
  const change = (spec: Loose): string =>
    updateRefusalOf(jobStrategy, old, (job) => ({ ...job, spec: { ...job.spec, ...spec } }));
  expect(change({ parallelism: 5, suspend: true, ttlSecondsAfterFinished: 3 })).toBe("");
  expect(change({ completions: 2 })).toBe("spec.completions: Invalid value: 2: field is immutable");
  const template = { ...old.spec.template, spec: { ...old.spec.template.spec, nodeName: "n" } };
  const told = change({ template });
  expect(told).toContain('spec.template: Invalid value: {"labels":{');
  expect(told).toContain('"Spec":{"Volumes":null,"InitContainers":null,"Containers":[{"Name":"c"');
});

test("where pods run may change while a job that never began is held back", () => {
  const old = aJob({ suspend: true });
  const change = (pod: Loose, from: Job): string =>
    updateRefusalOf(jobStrategy, from, (job) => ({
      ...job,
      spec: {
        ...job.spec,
        template: { ...job.spec.template, spec: { ...job.spec.template.spec, ...pod } },
      },
    }));
  const toleration = { key: "a", operator: "Exists" };
  expect(change({ nodeSelector: { a: "b" }, tolerations: [toleration] }, old)).toBe("");
  expect(change({ nodeSelector: { a: "b" } }, aJob())).toContain("field is immutable");
  expect(change({ hostNetwork: true }, old)).toContain("spec.template.spec: Invalid value:");
  const [container] = old.spec.template.spec.containers;
  const resources = { requests: { cpu: "1" } };
  expect(change({ containers: [{ ...container, resources }] }, old)).toBe("");
});

test("indexed jobs grow and shrink with their parallelism", () => {
  const old = aJob({ completionMode: "Indexed", completions: 2, parallelism: 2 });
  const change = (spec: Loose): string =>
    updateRefusalOf(jobStrategy, old, (job) => ({ ...job, spec: { ...job.spec, ...spec } }));
  expect(change({ completions: 3, parallelism: 3 })).toBe("");
  expect(change({ completions: 3 })).toBe(
    "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism",
  );
});

const DONE = [
  { type: "SuccessCriteriaMet", status: "True" },
  { type: "Complete", status: "True" },
];
const TIMES = { startTime: "2026-01-01T00:00:00Z", completionTime: "2026-01-01T00:01:00Z" };

for (const { name, before, status, told } of [
  { name: "a success", before: {}, status: { conditions: DONE, ...TIMES, succeeded: 1 }, told: [] },
  {
    name: "a success without its reason",
    before: {},
    status: { conditions: DONE.slice(1), ...TIMES },
    told: ["cannot set Complete=True condition without the SuccessCriteriaMet=true condition"],
  },
  {
    name: "an end without begin",
    before: {},
    status: { conditions: DONE },
    told: [
      "completionTime is required for Complete jobs",
      "startTime is required for finished job",
    ],
  },
  {
    name: "an end before the begin",
    before: {},
    status: { conditions: DONE, ...TIMES, startTime: "2026-01-02T00:00:00Z" },
    told: ["must be equal to or after `startTime`"],
  },
  {
    name: "pods that still run at the end",
    before: {},
    status: { conditions: DONE, ...TIMES, active: 1 },
    told: ["active>0 is invalid for finished job"],
  },
  {
    name: "fewer failures than before",
    before: { failed: 2 },
    status: { failed: 1 },
    told: ["cannot decrease the failed counter"],
  },
  {
    name: "an end that is taken back",
    before: { conditions: DONE, ...TIMES },
    status: TIMES,
    told: [
      "cannot set completionTime when there is no Complete=True condition",
      "cannot disable the terminal Complete=True condition",
      "cannot disable the SuccessCriteriaMet=True condition",
    ],
  },
  {
    name: "indexes of a job without",
    before: {},
    status: { completedIndexes: "0" },
    told: ["cannot set non-empty completedIndexes when non-indexed completion mode"],
  },
] as const) {
  test(`a report of ${name} is ${told.length === 0 ? "taken" : "refused"}`, () => {
    const old: Job = { ...aJob(), status: before };
    const errors = jobStrategy.status?.validateUpdate({ ...old, status }, old) ?? [];
    expect(errors.map(({ detail }) => detail)).toEqual(told);
  });
}

test("a job is shown with its state, completions and duration", () => {
  const job: Job = {
    ...aJob({ completions: 2 }),
    status: { ...TIMES, succeeded: 2, conditions: DONE },
  };
  expect(jobStrategy.row(job, NOW_MS).slice(0, 4)).toEqual(["j", "Complete", "2/2", "60s"]);
  const many = { ...aJob({ parallelism: 3 }), status: {} };
  expect(jobStrategy.row(many, NOW_MS).slice(1, 4)).toEqual(["Running", "0/1 of 3", ""]);
  expect(jobStrategy.fieldSelectors["status.successful"]?.(job)).toBe("2");
});

function aCronJob(spec: Loose = {}): Sent {
  const jobTemplate = { spec: { template: { spec: POD } } };
  return { spec: { schedule: "*/5 * * * *", jobTemplate, ...spec } };
}

test("a new cron job lets jobs overlap and keeps a few of them", () => {
  expect(created(cronJobStrategy, aCronJob()).spec).toMatchObject({
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: {
      metadata: {},
      spec: { template: { spec: { schedulerName: "default-scheduler" } } },
    },
  });
});

for (const { name, spec, told } of [
  { name: "no schedule", spec: { schedule: "" }, told: "spec.schedule: Required value" },
  {
    name: "too few fields",
    spec: { schedule: "bad" },
    told: 'spec.schedule: Invalid value: "bad": expected exactly 5 fields, found 1: [bad]',
  },
  {
    name: "a minute that is none",
    spec: { schedule: "60 * * * *" },
    told: 'spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60',
  },
  {
    name: "a word that is no number",
    spec: { schedule: "x * * * *" },
    told: 'spec.schedule: Invalid value: "x * * * *": failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
  },
  {
    name: "an unknown zone",
    spec: { timeZone: "Mars/Olympus" },
    told: 'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
  },
  {
    name: "a zone that depends on where it is read",
    spec: { timeZone: "local" },
    told: "must be an explicit time zone",
  },
  {
    name: "a zone in the schedule",
    spec: { schedule: "TZ=UTC 0 0 * * *" },
    told: "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
  },
  {
    name: "an unknown policy",
    spec: { concurrencyPolicy: "Maybe" },
    told: 'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
  },
  {
    name: "a selector of its own",
    spec: { jobTemplate: { spec: { selector: {}, template: { spec: POD } } } },
    told: "spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
  },
  {
    name: "pods that never end",
    spec: { jobTemplate: { spec: { template: { spec: { ...POD, restartPolicy: "Always" } } } } },
    told: 'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  },
] as const) {
  test(`a cron job is refused for ${name}`, () => {
    expect(refusalOf(cronJobStrategy, aCronJob(spec))).toContain(told);
  });
}

test("the name of a new cron job leaves room for those of its jobs", () => {
  const metadata = { name: "c".repeat(53), namespace: "t" };
  expect(refusalOf(cronJobStrategy, { ...aCronJob(), metadata })).toBe(
    `metadata.name: Invalid value: "${metadata.name}": must be no more than 52 characters`,
  );
  const old = created(cronJobStrategy, { ...aCronJob(), metadata });
  expect(updateRefusalOf(cronJobStrategy, old, (job) => job)).toBe("");
});

test("a zone in an old schedule may stay, with a word about it", () => {
  const old = created(cronJobStrategy, aCronJob({ schedule: "TZ=UTC 0 0 * * *" }));
  const next = updated(cronJobStrategy, old, (job) => job);
  expect(updateRefusalOf(cronJobStrategy, old, () => next)).toBe("");
  expect(cronJobStrategy.warnings?.(next, old)).toHaveLength(1);
});

test("a cron job is shown with its schedule and its last time", () => {
  const job: CronJob = {
    ...created(cronJobStrategy, aCronJob()),
    metadata: { name: "c", creationTimestamp: "2026-01-09T00:00:00Z" },
    status: { active: [{}], lastScheduleTime: "2026-01-09T23:58:00Z" },
  };
  expect(cronJobStrategy.row(job, NOW_MS)).toEqual([
    "c",
    "*/5 * * * *",
    "<none>",
    "False",
    1,
    "2m",
    "24h",
    "c",
    "x",
    "<none>",
  ]);
});
