/** Certificates that somebody else makes and puts into a folder. */
import type { Files } from "../../base/files.ts";
import type { CertificateSource, ServedCertificates } from "./certificates.ts";

/** Between two looks, as controller-runtime polls. */
export const FILES_LOOK_MS = 10_000;

export class FileCertificates implements CertificateSource {
  readonly lookMs: number = FILES_LOOK_MS;
  readonly #directory: string;
  readonly #files: Files;

  constructor(directory: string, files: Files) {
    this.#directory = directory;
    this.#files = files;
  }

  async look(): Promise<ServedCertificates> {
    const [certificate, key, authorities] = await Promise.all(
      ["tls.crt", "tls.key", "ca.crt"].map((name) => this.#read(name)),
    );
    for (const [name, text] of Object.entries({ "tls.crt": certificate, "tls.key": key })) {
      if (text === undefined) throw new Error(`there is no file ${this.#directory}/${name}`);
    }
    const pair = { certificate: certificate ?? "", key: key ?? "" };
    const { endOf, isPair } = await import("../../pki/key-pair.ts");
    if (isPair(pair)) return { ...pair, authorities, endMs: endOf(pair.certificate) };
    // A writer that is between the two files: the next look finds both.
    throw new Error(`tls.crt and tls.key in ${this.#directory} do not belong together`);
  }

  async #read(name: string): Promise<string | undefined> {
    const bytes = await this.#files.read(`${this.#directory}/${name}`);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }
}
