/** One machine: while it is up its kubelet acts; while it is down what it was to do waits. */
export class SimNode {
  readonly name: string;
  #isUp = true;
  #waiting: (() => void)[] = [];
  /** Whether the control plane has noticed that it is gone: nothing is placed there. */
  isLost = false;

  constructor(name: string) {
    this.name = name;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Now, or when it is back. */
  whenUp(act: () => void): void {
    if (this.#isUp) act();
    else this.#waiting.push(act);
  }

  goesDown(): void {
    this.#isUp = false;
  }

  comesBack(): void {
    this.#isUp = true;
    this.isLost = false;
    for (const act of this.#waiting.splice(0)) act();
  }
}
