/**
 * For how long each node has been silent, by this process's own monotonic clock: times that agents
 * write are only compared with each other, so neither a wrong clock on a node nor a jump of this
 * one makes a node look dead. A process that has just started grants every node the full time.
 */
export class Silence {
  readonly #heard = new Map<string, { readonly sign: string; readonly atMs: number }>();

  /** Notes the newest sign of life of a node, and says for how long there was no other. */
  observe(nodeName: string, sign: string, nowMs: number): number {
    const last = this.#heard.get(nodeName);
    if (last !== undefined && last.sign === sign) return nowMs - last.atMs;
    this.#heard.set(nodeName, { sign, atMs: nowMs });
    return 0;
  }

  /** The node is no more. */
  forget(nodeName: string): void {
    this.#heard.delete(nodeName);
  }
}
