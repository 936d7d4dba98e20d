/** Certificates of one process, gone with it. */
import type { Env } from "../../base/env.ts";
import type { RotationOptions, ServingSet } from "../../pki/rotation.ts";
import type { CertificateSource, ServedCertificates } from "./certificates.ts";

export const MEMORY_LOOK_MS = 30_000;

export class MemoryCertificates implements CertificateSource {
  readonly lookMs: number = MEMORY_LOOK_MS;
  readonly #options: RotationOptions;
  readonly #env: Env;
  #serving: ServingSet | undefined;

  constructor(options: RotationOptions, env: Env) {
    this.#options = options;
    this.#env = env;
  }

  async look(): Promise<ServedCertificates> {
    // The library behind it is large: loaded by those only who make certificates.
    const { renewed } = await import("../../pki/rotation.ts");
    this.#serving = (await renewed(this.#serving, this.#options, this.#env)).set;
    const { endOf } = await import("../../pki/key-pair.ts");
    const { authorities, certificate, key } = this.#serving;
    return { authorities, certificate, key, endMs: endOf(certificate) };
  }
}
