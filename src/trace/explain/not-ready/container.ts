/** What one container of a pod waits for, and when it is tried again. */
import { apiTime, parseApiTime } from "../../../machinery/api-time.ts";
import type { Fields } from "../../../machinery/object.ts";
import { notReady, type Judgement, type NextStep, type ToldEvent } from "./judgement.ts";
import { goDurationMs, numberAt, textAt, valueAt } from "./reading.ts";

/** Of probes that say nothing else. */
const PROBE_PERIOD_SECONDS = 10;
const PROBE_FAILURES = 3;
/** Of images that cannot be pulled, as every agent has it. */
const PULL_DELAY_MS = 10_000;
const PULL_DELAY_MS_MAX = 300_000;
/** Repetitions of an event are written late: counted together, a few at most in five minutes. */
const KILL_TOLD_LATE_MS_MAX = 600_000;
/** After this many periods without news, nothing is said of when a probe asks next. */
const PERIODS_MAX = 5;

export type ContainerState = {
  /** Its pod, as commands name it: `web-1 -n team`. */
  readonly pod: string;
  readonly spec: Fields;
  readonly status: Fields | undefined;
  /** It has to end before the others start. */
  readonly isInit: boolean;
};

/** Undefined: the pod does not wait for it. */
export function judgeContainer(
  container: ContainerState,
  events: readonly ToldEvent[],
  nowMs: number,
): Judgement | undefined {
  const { spec, status, isInit } = container;
  const label = `${isInit ? "init container" : "container"} ${textAt(spec, "name") ?? ""}`;
  if (status === undefined) return notReady(`${label} has not been looked at yet`);
  const isDone = isInit && numberAt(status, "state", "terminated", "exitCode") === 0;
  if (isDone || valueAt(status, "ready") === true) return undefined;
  const waiting = valueAt(status, "state", "waiting");
  if (waiting !== undefined) return judgeWaiting(label, container, status, events);
  const terminated = valueAt(status, "state", "terminated");
  if (terminated !== undefined) {
    const isFirst = (numberAt(status, "restartCount") ?? 0) === 0;
    if (!isFirst) return judgeEnds(label, container, terminated, { events, next: RESTARTS });
    return notReady(`${label} has ended: ${endText(terminated)}`, { next: [RESTARTS] });
  }
  if (isInit) return notReady(`${label} is still running`, { next: [{ what: "it has to end" }] });
  return judgeProbe(label, container, events, nowMs);
}

const RESTARTS: NextStep = {
  what: "it is started again, if the restart policy of the pod says so",
};

function judgeWaiting(
  label: string,
  container: ContainerState,
  status: Fields,
  events: readonly ToldEvent[],
): Judgement {
  const reason = textAt(status, "state", "waiting", "reason") ?? "waiting";
  const message = textAt(status, "state", "waiting", "message") ?? "";
  const said = `${reason}${message === "" ? "" : `: ${message}`}`;
  const problem = `${label} waits: ${said}`;
  switch (reason) {
    case "CrashLoopBackOff": {
      const last = valueAt(status, "lastState", "terminated");
      return judgeEnds(label, container, last, { events, next: restart(message, last) });
    }
    case "ImagePullBackOff":
    case "ErrImagePull": {
      return notReady(problem, {
        next: [pullAgain(textAt(container.spec, "image") ?? "", events)],
      });
    }
    case "PodInitializing":
    case "ContainerCreating": {
      const warning = events.find(({ isWarning }) => isWarning);
      if (warning === undefined) return notReady(problem);
      return notReady(`${problem}: ${warning.message}`, { next: [triedAgain([warning])] });
    }
    default:
      return notReady(problem, { next: [triedAgain(events.filter((e) => isAbout(e, message)))] });
  }
}

function isAbout({ isWarning, message: told }: ToldEvent, message: string): boolean {
  return isWarning && message !== "" && told.includes(message);
}

/** Its delays double from ten seconds to five minutes with each try. */
function pullAgain(image: string, events: readonly ToldEvent[]): NextStep {
  const isTry = ({ reason, message }: ToldEvent): boolean =>
    reason === "Pulling" && message.includes(`"${image}"`);
  const tries = events.filter(isTry);
  const [last] = tries;
  const what = "the image is pulled again, after delays that double up to 5 minutes";
  if (last === undefined) return { what };
  const count = tries.reduce((sum, each) => sum + each.count, 0);
  const delayMs = Math.min(PULL_DELAY_MS * 2 ** (count - 1), PULL_DELAY_MS_MAX);
  return { what, at: apiTime(last.lastMs + delayMs) };
}

/** As often as it was tried so far, which its events tell. */
function triedAgain([told]: readonly ToldEvent[]): NextStep {
  const what = "the agent of the node tries again";
  if (told === undefined || told.count < 2) return { what };
  const everyMs = Math.round((told.lastMs - told.firstMs) / (told.count - 1) / 1_000) * 1_000;
  return everyMs > 0 ? { what, at: apiTime(told.lastMs + everyMs), everyMs } : { what };
}

/** The message tells how long the back-off is, the last end when it began. */
function restart(message: string, last: unknown): NextStep {
  const what = "the container is started again";
  const [, delay = ""] = /^back-off (\S+) restarting/.exec(message) ?? [];
  const delayMs = goDurationMs(delay);
  const endedMs = parseApiTime(textAt(last, "finishedAt") ?? "");
  if (delayMs === undefined || Number.isNaN(endedMs)) return { what };
  return { what, at: apiTime(endedMs + delayMs) };
}

function endText(terminated: unknown): string {
  const code = numberAt(terminated, "exitCode");
  const reason = textAt(terminated, "reason");
  const message = textAt(terminated, "message");
  const parts = [reason, code === undefined ? undefined : `exit code ${code}`, message];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

/** It ends again and again, by itself or because a probe has it killed. */
function judgeEnds(
  label: string,
  { pod, spec, status }: ContainerState,
  last: unknown,
  { events, next: again }: { readonly events: readonly ToldEvent[]; readonly next: NextStep },
): Judgement {
  const name = textAt(spec, "name") ?? "";
  const count = numberAt(status, "restartCount") ?? 0;
  const restarts = `${count} ${count === 1 ? "restart" : "restarts"} so far`;
  const firstMs = Math.min(
    ...events.filter((event) => isBackOffOf(event, name)).map((event) => event.firstMs),
  );
  const since = Number.isFinite(firstMs) ? apiTime(firstMs) : undefined;
  const kind = killer(name, last, events);
  if (kind !== undefined) {
    const told = events.find(({ message }) => message.toLowerCase().startsWith(`${kind} probe`));
    const said = told === undefined ? "" : `: ${told.message}`;
    const what = `${label} keeps being killed by its ${kind} probe`;
    const probe = rhythm(valueAt(spec, `${kind}Probe`));
    const end = `it ended last with ${endText(last)}`;
    const text = `${what} (${probe})${said}; ${end}; ${restarts}`;
    return notReady(text, { since, next: [again] });
  }
  const logs = `\`setpoint logs ${pod} -c ${name} --previous\` shows what it said last`;
  const text = `${label} keeps ending (${endText(last)}), ${restarts}`;
  return notReady(text, { since, next: [again, { what: logs }] });
}

/** Told while a container waits to be started again. */
function isBackOffOf({ reason, message }: ToldEvent, container: string): boolean {
  return reason === "BackOff" && message.includes(` container ${container} in pod `);
}

/** Which probe had it killed, if one did that lately. */
function killer(
  container: string,
  last: unknown,
  events: readonly ToldEvent[],
): "liveness" | "startup" | undefined {
  const startedMs = parseApiTime(textAt(last, "startedAt") ?? "");
  return (["liveness", "startup"] as const).find((kind) =>
    events.some(({ message, lastMs }) => {
      const isOfLast = Number.isNaN(startedMs) || lastMs >= startedMs - KILL_TOLD_LATE_MS_MAX;
      return isOfLast && message.startsWith(`Container ${container} failed ${kind} probe`);
    }),
  );
}

/** `GET :80/up, every 2s, 3 failures in a row`. */
function rhythm(probe: unknown): string {
  const seconds = numberAt(probe, "periodSeconds") ?? PROBE_PERIOD_SECONDS;
  const failures = numberAt(probe, "failureThreshold") ?? PROBE_FAILURES;
  const limit = failures === 1 ? "the first failure kills" : `${failures} failures in a row kill`;
  return `${probeText(probe)}, every ${seconds}s, ${limit}`;
}

/** It runs, and is not ready: a probe says so. */
function judgeProbe(
  label: string,
  { spec, status }: ContainerState,
  events: readonly ToldEvent[],
  nowMs: number,
): Judgement {
  const isStarted = valueAt(status, "started") === true;
  const isStartup = !isStarted && valueAt(spec, "startupProbe") !== undefined;
  const [kind, field] = isStartup ? ["startup", "startupProbe"] : ["readiness", "readinessProbe"];
  const probe = valueAt(spec, field);
  if (probe === undefined) return notReady(`${label} has started and is not ready yet`);
  const beginning = isStartup ? "Startup" : "Readiness";
  const told = events.find(({ message }) => message.startsWith(`${beginning} probe`));
  const said = told === undefined ? "it has not succeeded yet" : told.message;
  const periodMs = (numberAt(probe, "periodSeconds") ?? PROBE_PERIOD_SECONDS) * 1_000;
  const needed = numberAt(probe, "successThreshold") ?? 1;
  const what =
    `the ${kind} probe asks again` + (needed > 1 ? `; ${needed} successes in a row count` : "");
  const at = nextProbe(told?.lastMs, periodMs, nowMs);
  const asks: NextStep = { what, everyMs: periodMs, ...(at === undefined ? {} : { at }) };
  const failures = numberAt(probe, "failureThreshold") ?? PROBE_FAILURES;
  const then = isStartup
    ? `after ${failures} failures in a row the container is started again`
    : "a readiness probe never restarts a container: it stays so until the probe succeeds";
  const next = [asks, { what: then }];
  const problem = `${label} runs, and its ${kind} probe fails (${probeText(probe)}): ${said}`;
  return notReady(problem, { next });
}

function nextProbe(
  lastMs: number | undefined,
  periodMs: number,
  nowMs: number,
): string | undefined {
  if (lastMs === undefined || nowMs - lastMs > PERIODS_MAX * periodMs) return undefined;
  const passed = Math.max(Math.floor((nowMs - lastMs) / periodMs), 0);
  return apiTime(lastMs + (passed + 1) * periodMs);
}

/** `GET :8080/healthz`. */
function probeText(probe: unknown): string {
  const get = valueAt(probe, "httpGet");
  if (get !== undefined) {
    return `GET :${String(valueAt(get, "port"))}${textAt(get, "path") ?? "/"}`;
  }
  const tcp = valueAt(probe, "tcpSocket");
  if (tcp !== undefined) return `connection to port ${String(valueAt(tcp, "port"))}`;
  const grpc = valueAt(probe, "grpc");
  if (grpc !== undefined) return `gRPC health at port ${String(valueAt(grpc, "port"))}`;
  const command = valueAt(probe, "exec", "command");
  return Array.isArray(command) ? `command ${command.map(String).join(" ")}` : "probe";
}
