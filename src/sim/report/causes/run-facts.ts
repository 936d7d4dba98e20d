/** The writes of one run as recorded changes, for the same walk that `setpoint why` does. */
import { factOf } from "../../../server/trace/store-facts.ts";
import {
  isSameObject,
  type ChangeFact,
  type Facts,
  type ObjectName,
} from "../../../trace/facts.ts";
import type { CauseRow } from "../../../trace/cause.ts";
import type { WitnessedWrite } from "../witness.ts";

/** What there was before the run began counts as forgotten. */
export class RunFacts implements Facts {
  readonly #writes: ReadonlyMap<number, WitnessedWrite>;
  readonly #facts = new Map<number, ChangeFact>();
  readonly #revisions: readonly number[];

  constructor(writes: readonly WitnessedWrite[]) {
    this.#writes = new Map(writes.map((write) => [write.revision, write]));
    this.#revisions = writes.map(({ revision }) => revision);
  }

  kept(): { readonly oldest: number; readonly newest: number } {
    return { oldest: this.#revisions.at(0) ?? 0, newest: this.#revisions.at(-1) ?? 0 };
  }

  /** The same as `change`, without a wait. */
  at(revision: number): ChangeFact | undefined {
    const known = this.#facts.get(revision);
    if (known !== undefined) return known;
    const write = this.#writes.get(revision);
    if (write === undefined) return undefined;
    const { before, after, cause } = write;
    const made =
      after === undefined
        ? before && factOf({ before, after }, revision, cause)
        : factOf({ before, after }, revision, cause);
    if (made !== undefined) this.#facts.set(revision, made);
    return made;
  }

  change(revision: number): Promise<ChangeFact | undefined> {
    return Promise.resolve(this.at(revision));
  }

  history(object: ObjectName, limit: number): Promise<readonly ChangeFact[]> {
    const all = this.#newestFirst().filter((fact) => isSameObject(fact.object, object));
    return Promise.resolve(all.slice(0, limit));
  }

  before(revision: number, limit: number): Promise<readonly ChangeFact[]> {
    const all = this.#newestFirst().filter((fact) => fact.revision < revision);
    return Promise.resolve(all.slice(0, limit));
  }

  causesAfter(
    revision: number,
    limit: number,
  ): Promise<readonly { readonly revision: number; readonly cause: CauseRow }[]> {
    const later = this.#revisions.filter((each) => each > revision).slice(0, limit);
    return Promise.resolve(
      later.flatMap((each) => {
        const write = this.#writes.get(each);
        return write === undefined ? [] : [{ revision: each, cause: write.cause }];
      }),
    );
  }

  #newestFirst(): readonly ChangeFact[] {
    return this.#revisions.toReversed().flatMap((revision) => this.at(revision) ?? []);
  }
}
