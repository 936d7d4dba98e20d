/** Writes and scenes made by hand, for tests of oracles: no server, no processes. */
import { NO_CAUSE } from "../../base/context.ts";
import type { CauseRow } from "../../trace/cause.ts";
import { ReconcileLog } from "../../trace/reconcile-record.ts";
import { Seen } from "../actors/seen.ts";
import { CALM, Choices } from "../choices/choices.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { MakeOracle, Oracle, Scene, Write } from "../oracles/oracle.ts";
import { Entry, revision as asRevision } from "../../store/store.ts";
import { Past } from "../oracles/past.ts";
import { LiveState } from "../world/state.ts";

/** One write to come; what is there before it, its revision and its time are found out. */
export type HandMade = {
  readonly actor: string;
  /** Default: `update`, or `create`, or `delete`, by what there is. */
  readonly verb?: string;
  /** Plural; of the core group (default `configmaps`). */
  readonly resource?: string;
  /** Default `web`. */
  readonly name?: string;
  readonly namespace?: string;
  /** Undefined: it is gone. `metadata` is filled in. */
  readonly to: object | undefined;
  /** What it is made for (default: nothing is known). */
  readonly cause?: Partial<CauseRow>;
  /** Instead of the next one. */
  readonly revision?: number;
};

/** A run under the eyes of one oracle, write by write. */
export class HandMadeRun {
  readonly seen: Seen = new Seen();
  readonly state: LiveState;
  readonly past: Past;
  readonly processes: Scene["processes"][number][] = [];
  phase: Scene["phase"] = "faults";
  reference: Scene["reference"];
  readonly reconciles: ReconcileLog = new ReconcileLog();
  nowMs = 0;
  readonly oracle: Oracle;
  #revision = 0;

  constructor(make: MakeOracle) {
    this.oracle = make();
    this.state = new LiveState(() => this.nowMs);
    this.past = new Past(this.state);
  }

  get scene(): Scene {
    return {
      state: this.state,
      past: this.past,
      kernel: { nowMs: this.nowMs, choices: new Choices(CALM, { keepsPoints: false }) },
      seen: this.seen,
      processes: this.processes,
      reconciles: this.reconciles,
      reference: this.reference,
      phase: this.phase,
    };
  }

  /** The answer of the oracle. */
  write(made: HandMade): string | undefined {
    const { resource = "configmaps", name = "web", namespace = "default", actor, to } = made;
    const revision = made.revision ?? this.#revision + 1;
    this.#revision = revision;
    const key = `/registry/core/${resource}/${namespace}/${name}`;
    const value = to === undefined ? undefined : bytesOf({ name, namespace, revision }, to);
    const at = asRevision(revision);
    const entry =
      value === undefined ? undefined : new Entry({ key, value, revision: at, createRevision: at });
    const { before, beforeRevision, after } = this.state.take({ key, revision: at, entry });
    const otherwise = before === undefined ? "create" : "update";
    const verb = made.verb ?? (to === undefined ? "delete" : otherwise);
    const write: Write = {
      atMs: this.nowMs,
      revision,
      verb,
      actor,
      resource,
      key,
      before: before?.value,
      beforeRevision,
      after: after?.value,
      cause: { ...CAUSE, user: actor, verb, ...made.cause },
    };
    this.past.take(write);
    return this.oracle.onWrite?.(write, this.scene);
  }

  /** All of these; the first answer that is one. */
  writes(all: readonly HandMade[]): string | undefined {
    return all.map((made) => this.write(made)).find((answer) => answer !== undefined);
  }

  /** The actor is shown an object as it is now. */
  shows(actor: string, object: { readonly resource?: string; readonly name?: string } = {}): void {
    const { resource = "configmaps", name = "web" } = object;
    const shown = this.object(resource, name);
    if (shown !== undefined) this.seen.note(actor, resource, shown);
  }

  object(resource = "configmaps", name = "web"): ApiObject | undefined {
    const suffix = `/${resource}/default/${name}`;
    return [...this.state.entries()].find(([key]) => key.endsWith(suffix))?.[1].value;
  }

  atRest(): string | undefined {
    return this.oracle.atRest?.(this.scene);
  }

  atEnd(): string | undefined {
    return this.oracle.atEnd?.(this.scene);
  }

  afterStop(): string | undefined {
    return this.oracle.afterStop?.(this.scene);
  }

  onRestless(): string | undefined {
    return this.oracle.onRestless?.(this.scene);
  }
}

const CAUSE: CauseRow = { ...NO_CAUSE, user: "", verb: "", timeMs: 0 };

function bytesOf(
  named: { readonly name: string; readonly namespace: string; readonly revision: number },
  fields: object,
): Uint8Array {
  const { name, namespace, revision } = named;
  const { metadata, ...others } = { metadata: {}, ...fields };
  const resourceVersion = String(revision);
  const whole = { uid: `uid of ${name}`, ...metadata, name, namespace, resourceVersion };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: whole, ...others };
  return new TextEncoder().encode(JSON.stringify(object));
}
