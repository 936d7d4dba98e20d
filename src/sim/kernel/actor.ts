/** Someone whose events stop together: one life of a process, the server, the environment. */
export class Actor {
  readonly name: string;
  #isAlive = true;
  /** Of the run's time: events wait until then. */
  pausedUntilMs = 0;
  /** What its wall clock shows too much (or, if negative, too little). */
  clockOffsetMs = 0;

  constructor(name: string) {
    this.name = name;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** At once and for ever: nothing that waits in it goes on, no clean-up runs. */
  die(): void {
    this.#isAlive = false;
  }
}
