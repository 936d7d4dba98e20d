/** Termination messages: what a container left in its file, or else the end of its log. */
import type { Container } from "../../apis/core/v1/types.generated.ts";
import type { ContainerId, RuntimeContainer } from "../runtime/runtime.ts";
import type { LogFiles } from "./pod-deps.ts";

export const TERMINATION_MESSAGE_BYTES_MAX = 4_096;
export const TERMINATION_LOG_BYTES_MAX = 2_048;
export const TERMINATION_LOG_LINES_MAX = 80;

/** Reads each container's last words once. */
export class LastWords {
  readonly #files: LogFiles;
  readonly #known = new Map<ContainerId, string>();

  constructor(files: LogFiles) {
    this.#files = files;
  }

  /** The message of a container that has ended with `exitCode`. */
  async of(spec: Container, container: RuntimeContainer, exitCode: number): Promise<string> {
    const known = this.#known.get(container.id);
    if (known !== undefined) return known;
    const text = await this.#read(spec, container, exitCode);
    this.#known.set(container.id, text);
    return text;
  }

  /** Forgets all but these containers. */
  keepOnly(ids: ReadonlySet<ContainerId>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }

  async #read(spec: Container, container: RuntimeContainer, exitCode: number): Promise<string> {
    const file = container.terminationMessageFile;
    const text = await this.#files.readTail(file, TERMINATION_MESSAGE_BYTES_MAX);
    const isLogAsked = spec.terminationMessagePolicy === "FallbackToLogsOnError";
    if (text !== "" || !isLogAsked || exitCode === 0) return text;
    const { logFile } = container;
    return this.#files.lastLines(logFile, TERMINATION_LOG_LINES_MAX, TERMINATION_LOG_BYTES_MAX);
  }
}
