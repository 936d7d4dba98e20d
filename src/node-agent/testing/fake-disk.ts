/** Volumes and log files in memory. */
import type { LogFiles } from "../pod/pod-deps.ts";
import type { PodVolumes, VolumeContent } from "../volume/volumes.ts";

const decoder = new TextDecoder();

export class FakeVolumes implements PodVolumes {
  readonly #pods = new Map<string, readonly VolumeContent[]>();

  prepare(
    podUid: string,
    contents: readonly VolumeContent[],
  ): Promise<ReadonlyMap<string, string>> {
    this.#pods.set(podUid, contents);
    const paths = contents.map(({ name }) => [name, `/volumes/${podUid}/${name}`] as const);
    return Promise.resolve(new Map(paths));
  }

  subPath(volumePath: string, subPath: string): Promise<string> {
    return Promise.resolve(`${volumePath}/${subPath}`);
  }

  remove(podUid: string): Promise<void> {
    this.#pods.delete(podUid);
    return Promise.resolve();
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.#pods.keys()]);
  }

  /** The text of a file of a volume. */
  read(podUid: string, volume: string, path: string): string | undefined {
    const content = this.#pods.get(podUid)?.find(({ name }) => name === volume);
    const files = content?.kind === "files" ? content.files : [];
    const file = files.find((one) => one.path === path);
    return file === undefined ? undefined : decoder.decode(file.content);
  }
}

export class FakeLogFiles implements LogFiles {
  readonly texts: Map<string, string> = new Map();
  readonly removed: string[] = [];
  /** Logs that have grown too large. */
  readonly large: Set<string> = new Set();

  readTail(path: string, bytesMax: number): Promise<string> {
    return Promise.resolve((this.texts.get(path) ?? "").slice(-bytesMax));
  }

  lastLines(logFile: string, linesMax: number, bytesMax: number): Promise<string> {
    const lines = (this.texts.get(logFile) ?? "").split("\n").slice(-linesMax);
    return Promise.resolve(lines.join("\n").slice(-bytesMax));
  }

  rotate(logFile: string): Promise<boolean> {
    return Promise.resolve(this.large.delete(logFile));
  }

  removeLog(logFile: string): Promise<void> {
    this.removed.push(logFile);
    return Promise.resolve();
  }

  removeDirectory(path: string): Promise<void> {
    this.removed.push(path);
    return Promise.resolve();
  }
}
