/** What a control plane can be told, and what it does when told nothing. */
import type { Env } from "../base/env.ts";
import { checkOptions, type OptionNames } from "../base/option-names.ts";
import type { Tracer } from "../controller-runtime/tracing/tracer.ts";
import { Tracing } from "../controller-runtime/tracing/tracing.ts";
import type { AnswersWebhook } from "./local-webhooks.ts";
import type { Store } from "../store/store.ts";

/** Who may come with a bearer token. */
export type StaticToken = {
  readonly token: string;
  readonly name: string;
  /** Default: none. */
  readonly uid?: string;
  /** Besides `system:authenticated`. */
  readonly groups: readonly string[];
};

/** Where objects are kept. */
export type StoreOptions =
  /** Gone when the control plane closes. */
  | { readonly kind: "memory"; /** Begin with a copy of this one. */ readonly copyOf?: Store }
  /** LMDB in this folder; a write is acknowledged after fsync. One process at a time. */
  | { readonly kind: "lmdb"; readonly directory: string };

/** How the control plane is served over HTTPS, besides in this process. */
export type ServeOptions = {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Further names or addresses clients reach the server by: they go into its certificate. */
  readonly hosts?: readonly string[];
  /** Users known by a token, besides those with a certificate. Default: none. */
  readonly tokens?: readonly StaticToken[];
  /** File of further ones: `token,user,uid,"group1,group2"` a line. Default: none. */
  readonly tokenFile?: string;
  /** Whether who shows no credentials may ask as `system:anonymous`. Default: true. */
  readonly allowsAnonymous?: boolean;
};

/**
 * What `createControlPlane` can be told. With `{}`: in memory, in this process only, with all
 * built-in controllers and the scheduler, in real time.
 */
export type ControlPlaneOptions = {
  /** Default: memory. */
  readonly store?: StoreOptions;
  /** Serve HTTPS as well. Default: in-process only, which needs no keys and no port. */
  readonly serve?: ServeOptions;
  /**
   * Folder for keys, certificates and the administrator's kubeconfig. Default: none, everything
   * is made anew and kept in memory.
   */
  readonly directory?: string;
  /**
   * Run the controllers and the scheduler. Default true; false leaves an API server only: nobody
   * then makes the service account `default` of a namespace, which pods there need. Make it, or
   * disable the admission plug-in `ServiceAccount`.
   */
  readonly hasControllers?: boolean;
  /**
   * Whether nodes may write about themselves only. Default false, as upstream. The same as to
   * enable the admission plug-in `NodeRestriction`.
   */
  readonly restrictsNodes?: boolean;
  /** Admission plug-ins besides upstream's defaults, by upstream's names. Default: none. */
  readonly enabledAdmissionPlugins?: readonly string[];
  /** Of those that run by default. Default: none. */
  readonly disabledAdmissionPlugins?: readonly string[];
  /** Addresses of Services (default "127.96.0.0/16", which nodes can bind without privileges). */
  readonly serviceRange?: string;
  /** Silence of a node's lease that makes it unreachable (default 50,000 ms, as upstream). */
  readonly nodeMonitorGraceMs?: number;
  /** How often nodes are looked at (default 5,000 ms). */
  readonly nodeMonitorPeriodMs?: number;
  /** How long pods stay on a node that is not ready or unreachable (default 300 s). */
  readonly defaultTolerationSeconds?: number;
  /** How long history is kept (default 24 h). */
  readonly historyMs?: number;
  /** How long an Event is kept once it is written (default 1 h, as upstream; 0: for ever). */
  readonly eventTtlMs?: number;
  /**
   * Whether it is kept in memory what the last reconciles of its controllers read and wrote, a
   * hundred of each, so that `why`, `hot` and `why-not-ready` can tell (default true).
   */
  readonly recordsReconciles?: boolean;
  /**
   * Makes a span of each request to its server, the child of the one that `traceparent` names; of
   * each reconcile of its controllers, each try of the scheduler, and their requests, linked to
   * what led to them. Any `Tracer` of OpenTelemetry will do (default: none are
   * made, at no cost).
   */
  readonly tracer?: Tracer;
  /** Webhooks of this process, called without sockets. Default: none; all are called by HTTPS. */
  readonly answersWebhook?: AnswersWebhook;
  /** Clock, timers, chance and log (default: the real ones, warnings and errors logged). */
  readonly env?: Env;
};

export type QualifiedServeOptions = Required<Omit<ServeOptions, "tokenFile">> &
  Pick<ServeOptions, "tokenFile">;

/** Every option decided. */
export type QualifiedOptions = Required<
  Omit<ControlPlaneOptions, "serve" | "directory" | "env" | "answersWebhook" | "tracer">
> & {
  /** One for all managers of the control plane, so that they are linked to each other. */
  readonly tracing: Tracing | undefined;
  readonly answersWebhook: AnswersWebhook | undefined;
  readonly serve: QualifiedServeOptions | undefined;
  readonly directory: string | undefined;
};

const NAMES: OptionNames<ControlPlaneOptions> = {
  store: true,
  serve: true,
  directory: true,
  hasControllers: true,
  restrictsNodes: true,
  enabledAdmissionPlugins: true,
  disabledAdmissionPlugins: true,
  serviceRange: true,
  nodeMonitorGraceMs: true,
  nodeMonitorPeriodMs: true,
  defaultTolerationSeconds: true,
  historyMs: true,
  eventTtlMs: true,
  recordsReconciles: true,
  tracer: true,
  answersWebhook: true,
  env: true,
};

const SERVE_NAMES: OptionNames<ServeOptions> = {
  port: true,
  host: true,
  hosts: true,
  tokens: true,
  tokenFile: true,
  allowsAnonymous: true,
};

/** Fills in defaults; throws for what cannot be, naming the field. */
export function withDefaults(options: ControlPlaneOptions): QualifiedOptions {
  checkOptions("createControlPlane", options, NAMES);
  checkOptions("createControlPlane: serve", options.serve ?? {}, SERVE_NAMES);
  const qualified: QualifiedOptions = {
    store: options.store ?? { kind: "memory" },
    serve:
      options.serve === undefined
        ? undefined
        : {
            port: options.serve.port ?? 0,
            host: options.serve.host ?? "127.0.0.1",
            hosts: options.serve.hosts ?? [],
            tokens: options.serve.tokens ?? [],
            allowsAnonymous: options.serve.allowsAnonymous ?? true,
            ...(options.serve.tokenFile === undefined
              ? {}
              : { tokenFile: options.serve.tokenFile }),
          },
    directory: options.directory,
    answersWebhook: options.answersWebhook,
    tracing: options.tracer === undefined ? undefined : new Tracing(options.tracer),
    hasControllers: options.hasControllers ?? true,
    restrictsNodes: options.restrictsNodes ?? false,
    enabledAdmissionPlugins: options.enabledAdmissionPlugins ?? [],
    disabledAdmissionPlugins: options.disabledAdmissionPlugins ?? [],
    serviceRange: options.serviceRange ?? "127.96.0.0/16",
    nodeMonitorGraceMs: options.nodeMonitorGraceMs ?? 50_000,
    nodeMonitorPeriodMs: options.nodeMonitorPeriodMs ?? 5_000,
    defaultTolerationSeconds: options.defaultTolerationSeconds ?? 300,
    recordsReconciles: options.recordsReconciles ?? true,
    historyMs: options.historyMs ?? 24 * 3_600_000,
    eventTtlMs: options.eventTtlMs ?? 3_600_000,
  };
  const positive = ["nodeMonitorGraceMs", "nodeMonitorPeriodMs", "historyMs"] as const;
  for (const field of positive) {
    if (!(qualified[field] > 0)) throw new RangeError(`${field}: must be greater than 0`);
  }
  const { eventTtlMs: ttlMs } = qualified;
  if (!(ttlMs >= 0 && Number.isFinite(ttlMs))) {
    throw new RangeError(`eventTtlMs: ${ttlMs} is not 0 or greater`);
  }
  const { defaultTolerationSeconds: seconds } = qualified;
  if (!Number.isSafeInteger(seconds) || seconds < 0) {
    throw new RangeError(`defaultTolerationSeconds: ${seconds} is not a whole number of seconds`);
  }
  return qualified;
}
