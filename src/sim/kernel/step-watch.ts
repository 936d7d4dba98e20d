/**
 * Is told of each step of a run and of what it touches: for who looks at all orders of them. A step
 * is one event of the kernel with all promise chains that follow from it.
 */
export interface StepWatch {
  /** These may come now, by id; the first is the one whose turn it is without a decision. */
  choosing(ids: readonly string[]): void;
  begins(step: { readonly id: string; readonly actor: string; readonly atMs: number }): void;
  /** The step has made an event of that actor. */
  posted(id: string, actor: string, atMs: number): void;
  /** It has read what begins so. */
  read(prefix: string): void;
  wrote(key: string): void;
  /** It has to do with this, in whatever way. */
  touched(what: string): void;
  /** Something happens between steps: none of before may come after it. */
  barrier(): void;
}
