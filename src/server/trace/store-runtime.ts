/** What is known of the controllers beside the server, as far as one user may know it. */
import type { Context } from "../../base/context.ts";
import { revision } from "../../store/store.ts";
import type { Runtime, Unseen } from "../../trace/explain/answer.ts";
import { objectText, type Facts } from "../../trace/facts.ts";
import type {
  ControllerFigures,
  ReconcileRecord,
  RuntimeInsight,
  ViewFigure,
} from "../../trace/reconcile-record.ts";
import { Pace } from "../handlers/pace.ts";
import type { MayRead } from "./readable-facts.ts";
import { readableReconcile } from "./readable-reconciles.ts";
import { servedKind } from "./served-kind.ts";
import type { StoreFactsDeps } from "./store-facts.ts";

/** Of the changes that views have not seen, the newest that are counted. */
export const UNSEEN_CHANGES_MAX = 20_000;

export class StoreRuntime implements Runtime {
  readonly #deps: StoreFactsDeps & { readonly insight: RuntimeInsight };
  readonly #mayRead: MayRead;
  readonly #facts: Facts;
  readonly #context: Context;

  /** For one question; `facts` are those that the asker may know. */
  constructor(
    deps: StoreFactsDeps & { readonly insight: RuntimeInsight },
    { mayRead, facts }: { readonly mayRead: MayRead; readonly facts: Facts },
    context: Context,
  ) {
    this.#deps = deps;
    this.#mayRead = mayRead;
    this.#facts = facts;
    this.#context = context;
  }

  async figures(): Promise<readonly ControllerFigures[]> {
    const pace = new Pace(this.#deps.env);
    const shown: ControllerFigures[] = [];
    for (const { recent, ...sums } of this.#deps.insight.reconciles.figures()) {
      const records: ReconcileRecord[] = [];
      for (const record of recent) {
        await pace.step();
        records.push(await readableReconcile(record, this.#mayRead));
      }
      shown.push({ ...sums, recent: records });
    }
    return shown;
  }

  views(): readonly ViewFigure[] {
    return this.#deps.insight.views();
  }

  /** Without the names of what the asker may not read. */
  async reconcile(id: string): Promise<ReconcileRecord | undefined> {
    const record = this.#deps.insight.reconciles.find(id);
    if (record === undefined) return undefined;
    const causes: string[] = [];
    for (const cause of record.causes) causes.push(await this.#causeText(cause));
    return { ...(await readableReconcile(record, this.#mayRead)), causes };
  }

  /** In one pass over the newest changes, for all views together. */
  async unseen(views: readonly ViewFigure[]): Promise<readonly Unseen[]> {
    const { store, resources, env } = this.#deps;
    const pace = new Pace(env);
    const counts = views.map((view) => {
      const served = servedKind({ ...view, namespace: "", name: "" }, resources);
      return { after: view.revision, prefix: served?.keyPrefix, count: 0, oldestMs: 0 };
    });
    const newest: number = store.status().revision;
    const oldest = Math.min(newest, ...counts.map(({ after }) => after));
    const after = revision(Math.max(oldest, newest - UNSEEN_CHANGES_MAX));
    const options = { limit: UNSEEN_CHANGES_MAX };
    for (const { revision: at, key, cause } of await store.causes(after, options, this.#context)) {
      await pace.step();
      for (const each of counts) {
        if (at <= each.after || each.prefix === undefined || !key.startsWith(each.prefix)) continue;
        if (each.count === 0) each.oldestMs = cause.timeMs;
        each.count += 1;
      }
    }
    const nowMs = env.clock.now();
    return counts.map(({ count, oldestMs }) =>
      count === 0 ? { count } : { count, behindMs: nowMs - oldestMs },
    );
  }

  async #causeText(cause: string): Promise<string> {
    const [at, text] = /@(\d+)$/.exec(cause) ?? [];
    if (at === undefined || text === undefined) return cause;
    const change = await this.#facts.change(Number(text));
    if (change === undefined || change.isHidden === true) return at;
    const isPart = cause.startsWith("PartialObjectMetadata "); // read without what is its kind's
    return isPart ? `${objectText(change.object)} ${at}` : cause;
  }
}
