/** What a manager tells of itself: see `http/debug/debug-report.ts`. */
import { errorText } from "../../base/error-text.ts";
import type { Env } from "../../base/env.ts";
import type { InformerStatus } from "../../informer/informer-status.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { groupResource } from "../../machinery/gvk.ts";
import type { Controller } from "../controller/controller.ts";
import { attentionOf } from "../http/debug/attention.ts";
import type {
  ClusterReport,
  DebugReport,
  ViewReport,
  WebhookReport,
} from "../http/debug/debug-report.ts";
import { TOLD_MAX, topOf } from "../http/debug/top.ts";
import type { ServedWebhooks } from "../webhooks/served-webhooks.ts";
import type { Health, HealthCheck } from "./health.ts";
import type { LeaderElection } from "./runnable.ts";
import type { WatchCount } from "./watch-count.ts";

export type ManagerReportParts = {
  readonly env: Pick<Env, "clock">;
  readonly phase: string;
  readonly ready: Health;
  readonly leaderElection: LeaderElection | undefined;
  readonly shards: string | undefined;
  readonly controllers: readonly Controller[];
  readonly views: readonly InformerStatus[];
  readonly watchCount: WatchCount | undefined;
  readonly webhooks: ServedWebhooks | undefined;
};

export function managerReport(parts: ManagerReportParts): DebugReport {
  const { env, phase, leaderElection: election, shards, ready } = parts;
  const isLeading = election?.holds?.() ?? phase === "leading";
  const told = {
    phase,
    leadership: election === undefined ? undefined : { name: election.name, isLeading },
    controllers: parts.controllers.map((controller) => controller.report()),
    views: parts.views.map((status) => viewOf(status, parts.watchCount)),
    webhooks: parts.webhooks === undefined ? undefined : webhooksOf(parts.webhooks, env),
  };
  const { leadership, controllers, views, webhooks } = told;
  return {
    at: apiTime(env.clock.now()),
    phase,
    attention: attentionOf(told, ready),
    leadership,
    shards,
    controllers,
    views,
    webhooks,
    clusters: { count: 0, first: [] },
  };
}

/** Of what has no controllers of its own. */
export function emptyReport({ clock }: Pick<Env, "clock">, phase: string): DebugReport {
  return {
    at: apiTime(clock.now()),
    phase,
    attention: [],
    leadership: undefined,
    shards: undefined,
    controllers: [],
    views: [],
    webhooks: undefined,
    clusters: { count: 0, first: [] },
  };
}

/** `hub`: of the fleet without its clusters. `failed`: checks that are not ok. */
export function fleetReport(
  hub: DebugReport,
  failed: readonly HealthCheck[],
  clusters: readonly ClusterReport[],
): DebugReport {
  const needsLook = ({ report }: ClusterReport): number => {
    if (report === undefined) return Number.POSITIVE_INFINITY;
    return report.attention.length;
  };
  const first = topOf(clusters, (a, b) => {
    const [needA, needB] = [needsLook(a), needsLook(b)];
    return needA === needB ? 0 : needB - needA;
  });
  const told = [
    ...failed.map(({ name, state }) => `not ready: ${name}: ${state}`),
    ...hub.attention,
    ...first.first.flatMap(({ name, report }) =>
      (report?.attention ?? []).map((text) => `cluster ${name}: ${text}`),
    ),
  ];
  return { ...hub, attention: [...new Set(told)].slice(0, TOLD_MAX), clusters: first };
}

function viewOf(
  { type, hasSynced, lastError, freshness, memory }: InformerStatus,
  watchCount: WatchCount | undefined,
): ViewReport {
  return {
    resource: groupResource(type),
    hasSynced,
    objects: memory.objects,
    bytes: memory.bytes,
    revision: freshness.revision,
    revisionsBehind: freshness.revisionsBehind,
    silentForMs: freshness.silentMs === undefined ? undefined : Math.round(freshness.silentMs),
    watches: watchCount?.of(type),
    lastError: lastError === undefined ? undefined : errorText(lastError),
  };
}

function webhooksOf(webhooks: ServedWebhooks, { clock }: Pick<Env, "clock">): WebhookReport {
  const { isOk, state } = webhooks.health();
  const endMs = webhooks.certificateEndMs;
  return {
    isOk,
    state,
    certificateEndsInMs: endMs === undefined ? undefined : endMs - clock.now(),
  };
}
