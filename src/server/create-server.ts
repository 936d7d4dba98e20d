/**
 * The API server, put together. The control plane hands in the store, the kinds and the seams; what
 * comes out is a function from requests to answers, which `http/serve.ts` offers over TLS.
 */
import { LOST_NODE_SECONDS } from "../apis/core/v1/pod-admission.ts";
import type { AnyStrategy } from "../apis/strategy.ts";
import { UNSTORED } from "../apis/unstored.ts";
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { createMetrics, type Metrics } from "../base/metrics.ts";
import { MASTERS_GROUP } from "../machinery/request.ts";
import type { Store } from "../store/store.ts";
import type { RuntimeInsight } from "../trace/reconcile-record.ts";
import { Admission, type AdmissionPlugin } from "./admission/admission.ts";
import { admissionPlugins } from "./admission/built-in-plugins.ts";
import { choiceProblem, DEFAULT_CHOICE, type PluginChoice } from "./admission/plugin-choice.ts";
import { createAggregation, type Aggregation } from "./aggregation/aggregation.ts";
import { createAuthentication, type AuthenticationOptions } from "./authn/authentication.ts";
import type { Authenticator } from "./authn/authenticator.ts";
import type { TokenIssuer } from "./authn/service-account/token-issuer.ts";
import { openidPaths } from "./authn/service-account/openid-paths.ts";
import { firstToDecide, type Authorizer } from "./authz/authorizer.ts";
import { NodeGraph } from "./authz/node/node-graph.ts";
import { nodeAuthorizer } from "./authz/node/node-authorizer.ts";
import { rbacEscalation } from "./authz/rbac/escalation.ts";
import { rbacAuthorizer } from "./authz/rbac/rbac-authorizer.ts";
import { RoleIndex } from "./authz/rbac/role-index.ts";
import { groupAuthorizer, pathAuthorizer, PUBLIC_PATHS } from "./authz/simple-authorizers.ts";
import { discoveryPaths } from "./discovery/discovery-paths.ts";
import { createDispatch, type Dispatch, type DispatchDeps } from "./dispatch.ts";
import { DefinitionKeeper } from "./crd/definition-keeper.ts";
import { definitionWriter } from "./crd/write-definition.ts";
import type { RequestTracer } from "./filters/trace.ts";
import { BookmarkClock } from "./handlers/bookmark-clock.ts";
import type { Component } from "./handlers/reviews/component-statuses.ts";
import { healthPaths, type HealthCheck } from "./health.ts";
import { metricsPath } from "./metrics/metrics-path.ts";
import { serverMetrics } from "./metrics/server-metrics.ts";
import type { NodeLogs } from "./node-logs.ts";
import { openapiPaths } from "./openapi/openapi-paths.ts";
import { NO_BACKENDS, type Backends } from "./proxy/backends.ts";
import { SERVICE_IP_RANGE } from "./registry/cluster-ip-allocator.ts";
import { Resources } from "./registry/resource.ts";
import { servicePools } from "./registry/service-pools.ts";
import { answerTrace, TRACE_DISCOVERY, type TraceApiDeps } from "./trace/trace-api.ts";
import { versionPath } from "./version.ts";
import { storeServiceResolver, type ServiceResolver } from "./webhooks/service-resolver.ts";
import { NO_WEBHOOKS, type WebhookClient } from "./webhooks/webhook-client.ts";

export type ServerDeps = {
  readonly env: Env;
  readonly store: Store;
  /** The kinds that are served. */
  readonly strategies: readonly AnyStrategy[];
  readonly nodeLogs: NodeLogs;
};

export type ServerOptions = {
  /** IPv4 range of service addresses, CIDR. Default: 127.96.0.0/16. */
  readonly serviceIpRange?: string;
  /** Groups that may do everything. Default: the administrators of the cluster. */
  readonly allowedGroups?: readonly string[];
  /** How users are known. Default: by certificates and by tokens of service accounts. */
  readonly authentication?: AuthenticationOptions;
  /** Parts of the control plane that `componentstatuses` lists, besides the store. */
  readonly components?: readonly Component[];
  /** Paths anybody may read, whatever roles say. Default: health and version. */
  readonly openPaths?: readonly string[];
  /** Asked after the built-in ones. Default: none. */
  readonly authorizers?: readonly Authorizer[];
  /** Which of the known admission plug-ins run. Default: those upstream runs. */
  readonly admissionChoice?: PluginChoice;
  /** Run after the built-in ones. Default: none. */
  readonly admissionPlugins?: readonly AdmissionPlugin[];
  /** How long pods stay on a lost node unless they say otherwise, in seconds. Default: 300. */
  readonly lostNodeSeconds?: number;
  /** Besides "ping" and "etcd". Default: none. */
  readonly healthChecks?: readonly HealthCheck[];
  /** Milliseconds between the bookmarks of a quiet watch. Default: 60,000. */
  readonly bookmarkMs?: number;
  /** A watch without `timeoutSeconds` lasts this many milliseconds up to twice. Default: 30 min. */
  readonly watchMsMin?: number;
  /** Where requests are counted; /metrics shows all that is in it. Default: one of its own. */
  readonly metrics?: Metrics;
  /** Makes a span of each request. Default: none are made, at no cost. */
  readonly requestTracer?: RequestTracer;
  /** What is known of the controllers beside it, for explanations. Default: nothing. */
  readonly insight?: RuntimeInsight;
  /** Whether API services are kept and other servers answer for theirs. Default: false. */
  readonly isAggregator?: boolean;
  /** Connections to pods, services and other servers. Default: there are none to be had. */
  readonly backends?: Backends;
  /** Makes the client that calls people's webhooks. Default: one whose every call fails. */
  readonly webhooks?: (resolve: ServiceResolver) => WebhookClient;
};

export type ApiServer = {
  readonly dispatch: Dispatch;
  /** Who a connection and its request are from. */
  readonly authenticate: Authenticator;
  /** A token of an account that is good as long as this secret of its namespace holds it. */
  readonly signSecretToken: TokenIssuer["issueInSecret"];
  /** What the server does by itself: serving and cleaning up custom resources. */
  run(context: Context): Promise<void>;
  /** Resolves when all that was defined before is served; `run` must be under way. */
  synced(): Promise<void>;
};

/** Throws when an option is invalid. */
export function createServer(deps: ServerDeps, options: ServerOptions = {}): ApiServer {
  const { env, store } = deps;
  const settings = withDefaults(options);
  const resources = new Resources([...deps.strategies, ...UNSTORED]);
  const authentication = createAuthentication(settings.authentication, { env, store });
  const roles = new RoleIndex({ store, log: env.log });
  const authorizer = firstToDecide([
    groupAuthorizer(settings.allowedGroups),
    nodeAuthorizer(new NodeGraph({ store, log: env.log })),
    rbacAuthorizer(roles),
    pathAuthorizer(settings.openPaths),
    ...settings.authorizers,
  ]);
  const resolve = storeServiceResolver({ store, resources });
  const webhooks = settings.webhooks(resolve);
  const synced = async (): Promise<void> => keeper?.synced();
  const aggregation = settings.isAggregator
    ? createAggregation({ ...settings, env, store, resources, resolve, served: synced })
    : undefined;
  const { claims, repair } = servicePools(deps, resources, settings.serviceIpRange);
  const parts: DispatchDeps = {
    env,
    store,
    resources,
    nodeLogs: deps.nodeLogs,
    backends: settings.backends,
    remote: elsewhere(() => parts, options.insight, aggregation),
    ...observed({ env, store, metrics: settings.metrics }, options.requestTracer),
    admission: new Admission(
      admissionPlugins(
        { env, store, resources, claims, authorizer, webhooks },
        {
          lostNodeSeconds: settings.lostNodeSeconds,
          choice: settings.admissionChoice,
          others: [...settings.admissionPlugins, rbacEscalation({ authorizer, roles })],
        },
      ),
    ),
    claims,
    authentication,
    authorizer,
    components: [storeComponent(store), ...settings.components],
    bookmarks: new BookmarkClock({ env, store, bookmarkMs: settings.bookmarkMs }),
    limits: { bookmarkMs: settings.bookmarkMs, watchMsMin: settings.watchMsMin },
    paths: [
      healthPaths([
        ...ownChecks(store),
        { name: "crd-informer-synced", kind: "ready", check: () => keeper?.hasSynced !== false },
        ...settings.healthChecks,
      ]),
      versionPath(),
      openidPaths(authentication.issuer, authentication.keysUrl),
      metricsPath(settings.metrics),
      discoveryPaths(resources, () => [TRACE_DISCOVERY, ...(aggregation?.versions() ?? [])]),
      openapiPaths(resources, env),
    ],
  };
  const dispatch = createDispatch(parts);
  const keeper = createKeeper(parts, webhooks);
  return {
    dispatch,
    authenticate: authentication.authenticate,
    signSecretToken: (...args) => authentication.issuer.issueInSecret(...args),
    run: async (context) => {
      const others = aggregation?.run(dispatch, context);
      await Promise.all([repair(context), keeper?.run(context), others]);
    },
    synced,
  };
}

/** How its requests are counted and, if somebody wants that, traced. */
function observed(
  deps: Parameters<typeof serverMetrics>[0],
  requestTracer: RequestTracer | undefined,
): Pick<DispatchDeps, "metrics" | "requestTracer"> {
  const metrics = serverMetrics(deps);
  return requestTracer === undefined ? { metrics } : { metrics, requestTracer };
}

/** What is answered beside the registry: questions about the past, and what other servers serve. */
function elsewhere(
  parts: () => Omit<TraceApiDeps, "insight">,
  insight: RuntimeInsight | undefined,
  aggregation: Aggregation | undefined,
): DispatchDeps["remote"] {
  let deps: TraceApiDeps | undefined;
  return (exchange, context) => {
    deps ??= { ...parts(), insight };
    return answerTrace(exchange, deps, context) ?? aggregation?.answer(exchange, context);
  };
}

/** Undefined: this server has no definitions of custom resources. */
function createKeeper(parts: DispatchDeps, webhooks: WebhookClient): DefinitionKeeper | undefined {
  const { env, store, resources } = parts;
  const definitions = resources.find({
    group: "apiextensions.k8s.io",
    version: "v1",
    resource: "customresourcedefinitions",
  });
  if (definitions === undefined) return undefined;
  const writer = definitionWriter(definitions, parts);
  return new DefinitionKeeper({ env, store, resources, webhooks, write: parts, writer });
}

const MINUTE_MS = 60_000;

function withDefaults(
  options: ServerOptions,
): Required<Omit<ServerOptions, "insight" | "requestTracer">> {
  const { bookmarkMs = MINUTE_MS, watchMsMin = 30 * MINUTE_MS } = options;
  const problem = choiceProblem(options.admissionChoice ?? DEFAULT_CHOICE);
  if (problem !== undefined) throw new RangeError(`admissionChoice: ${problem}`);
  if (!(bookmarkMs > 0)) throw new RangeError(`bookmarkMs: ${bookmarkMs} is not positive`);
  if (!(watchMsMin > 0)) throw new RangeError(`watchMsMin: ${watchMsMin} is not positive`);
  return {
    serviceIpRange: options.serviceIpRange ?? SERVICE_IP_RANGE,
    allowedGroups: options.allowedGroups ?? [MASTERS_GROUP],
    authentication: options.authentication ?? {},
    components: options.components ?? [],
    openPaths: options.openPaths ?? PUBLIC_PATHS,
    authorizers: options.authorizers ?? [],
    admissionChoice: options.admissionChoice ?? DEFAULT_CHOICE,
    admissionPlugins: options.admissionPlugins ?? [],
    lostNodeSeconds: options.lostNodeSeconds ?? LOST_NODE_SECONDS,
    healthChecks: options.healthChecks ?? [],
    bookmarkMs,
    watchMsMin,
    metrics: options.metrics ?? createMetrics(),
    isAggregator: options.isAggregator ?? false,
    backends: options.backends ?? NO_BACKENDS,
    webhooks: options.webhooks ?? (() => NO_WEBHOOKS),
  };
}

function ownChecks(store: Store): readonly HealthCheck[] {
  return [
    { name: "ping", kind: "live", check: () => true },
    {
      name: "etcd", // the store, under the name that probes ask for
      kind: "live",
      check: async (context) => (await problemOf(store, context)) === undefined,
    },
  ];
}

/** By the name under which people look for the store. */
function storeComponent(store: Store): Component {
  return {
    name: "etcd-0",
    problem: (context) => problemOf(store, context),
  };
}

/** A store that takes no writes is not well, although all that was acknowledged can be read. */
async function problemOf(store: Store, context: Context): Promise<string | undefined> {
  await store.get("/registry/health", context);
  return store.status().failure?.message;
}
