/** Descriptions of work that ends: jobs and cron jobs. */
export const BATCH = `
Job: Runs pods until as many as wanted have ended well.

JobSpec: What the job is to do.
- activeDeadlineSeconds: Seconds after its start at which the job has failed. Time in which it is
  suspended does not count.
- backoffLimit: How many pods may fail before the job has. Default: 6.
- backoffLimitPerIndex: The same for each index. For Indexed jobs with pods that are never
  restarted.
- completionMode: NonIndexed if all pods do the same (the default), Indexed if each has a number,
  which it finds in the variable JOB_COMPLETION_INDEX.
- completions: How many pods must end well. If missing, one that does is enough.
- managedBy: Which controller runs the job. By default that of the cluster:
  kubernetes.io/job-controller.
- manualSelector: Whether the selector is the writer's business. Default: false.
- maxFailedIndexes: How many indexes may fail before the job has. With backoffLimitPerIndex.
- parallelism: How many pods run at a time at most. Default: 1.
- podFailurePolicy: What to do about certain failures of pods.
- podReplacementPolicy: When a pod is replaced: TerminatingOrFailed as soon as it goes (the
  default), Failed when it is gone.
- selector: Selects its pods. The server sets it.
- successPolicy: When an Indexed job has succeeded before all indexes have.
- suspend: Whether the job does not run. Its pods are deleted. Default: false.
- template: The pods it makes. Their restartPolicy is Never or OnFailure.
- ttlSecondsAfterFinished: Seconds after its end at which the job is deleted. By default it is kept.

PodFailurePolicy: What to do about certain failures of pods.
- rules: The rules, up to 20. The first that fits counts; if none does, the failure is counted.

PodFailurePolicyRule: A rule: one of onExitCodes and onPodConditions.
- action: FailJob ends the job, FailIndex the index, Ignore does not count the failure, and Count
  does.
- onExitCodes: Exit codes it is about.
- onPodConditions: Conditions of pods it is about.

PodFailurePolicyOnExitCodesRequirement: Which exit codes are meant.
- containerName: Container whose exit code it is. By default any.
- operator: In or NotIn.
- values: The exit codes, in order and without 0 for In.

PodFailurePolicyOnPodConditionsPattern: A condition of a pod.
- status: Its status. Default: True.
- type: Its type.

SuccessPolicy: When an Indexed job has succeeded before all indexes have.
- rules: The rules. One that holds is enough.

SuccessPolicyRule: What must have succeeded. With both fields: as many of these indexes.
- succeededCount: How many indexes.
- succeededIndexes: Which indexes, e.g. 1,3-5,7.

JobStatus: What was last seen of a job.
- active: Pods that are pending or running.
- completedIndexes: Indexes that have succeeded, e.g. 1,3-5,7.
- completionTime: When the job succeeded.
- conditions: State in several respects: Complete, Failed, Suspended, SuccessCriteriaMet,
  FailureTarget.
- failed: Pods that have failed.
- failedIndexes: Indexes that have failed, e.g. 1,3-5,7.
- ready: Pods that are active and ready.
- startTime: When the job was started, or last resumed.
- succeeded: Pods that have ended well.
- terminating: Pods that are being deleted.
- uncountedTerminatedPods: Pods that have ended and are not counted yet.

UncountedTerminatedPods: Pods that have ended and are not counted yet.
- failed: UIDs of those that failed.
- succeeded: UIDs of those that ended well.

JobCondition: One aspect of a job's state.
- lastProbeTime: When it was last looked at.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

CronJob: Makes a job again and again, at the times of a schedule.

CronJobSpec: Which job is made when.
- concurrencyPolicy: What if the last job still runs: Allow makes another (the default), Forbid
  leaves this time out, Replace stops it first.
- failedJobsHistoryLimit: How many failed jobs are kept. Default: 1.
- jobTemplate: The jobs it makes.
- schedule: Times in the form of cron: minute, hour, day of the month, month, day of the week; or
  @hourly, @daily and the like.
- startingDeadlineSeconds: How many seconds late a job may still be made. By default any.
- successfulJobsHistoryLimit: How many jobs that ended well are kept. Default: 3.
- suspend: Whether no more jobs are made. Those that run go on. Default: false.
- timeZone: Time zone of the schedule, e.g. Europe/Berlin. By default that of the controller.

JobTemplateSpec: A job as a cron job makes it.
- metadata: Labels and annotations of the jobs.
- spec: What the jobs are to do.

CronJobStatus: What was last seen of a cron job.
- active: Jobs that run.
- lastScheduleTime: When a job was last made.
- lastSuccessfulTime: When a job last ended well.
`;
