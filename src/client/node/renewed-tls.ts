/**
 * Certificates that are replaced while a program runs: files that are written anew, and programs
 * that give others. What cannot be used, such as a file half written or a certificate whose key has
 * not come yet, is as if it were not there: what was known before holds.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Clock } from "../../base/env.ts";
import type { Files } from "../../base/files.ts";
import type { ClientCertificate, TlsMaterial } from "../http/connection-options.ts";
import type { Pem } from "./kubeconfig-entry.ts";

/** Files are looked at this often at most, and only before requests. */
export const LOOK_EVERY_MS = 10_000;

/** Where the parts of a connection's certificates came from. */
export type TlsParts = {
  readonly authority: Pem | undefined;
  readonly certificate: Pem | undefined;
  readonly key: Pem | undefined;
};

export type TlsFilesDeps = { readonly files: Files; readonly clock: Clock | undefined };

/** Whether any of it can change. */
export function hasFiles({ authority, certificate, key }: TlsParts): boolean {
  return [authority, certificate, key].some((pem) => pem?.file !== undefined);
}

export class TlsFiles {
  readonly #parts: TlsParts;
  readonly #deps: TlsFilesDeps;
  #known: TlsMaterial;
  #lookedMs: number | undefined;
  #looking: Promise<TlsMaterial> | undefined;

  constructor(parts: TlsParts, deps: TlsFilesDeps) {
    this.#parts = parts;
    this.#deps = deps;
    this.#known = materialOf(parts);
    this.#lookedMs = deps.clock?.monotonic();
  }

  /** What the files hold, as of a few seconds ago at most. */
  get(): Promise<TlsMaterial> {
    const { clock } = this.#deps;
    const isFresh =
      clock !== undefined &&
      this.#lookedMs !== undefined &&
      clock.monotonic() - this.#lookedMs < LOOK_EVERY_MS;
    if (isFresh) return Promise.resolve(this.#known);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** The server does not take them: the next call looks. */
  forget(): void {
    this.#lookedMs = undefined;
  }

  async #look(): Promise<TlsMaterial> {
    const { certificate, key } = this.#parts;
    const { authority, clientCertificate } = this.#known;
    const found: TlsMaterial = {
      authority: await this.#authority(authority),
      clientCertificate:
        certificate === undefined || key === undefined
          ? undefined
          : await this.#clientCertificate(certificate, key, clientCertificate),
    };
    const isSame = found.authority === authority && found.clientCertificate === clientCertificate;
    if (!isSame) this.#known = found;
    this.#lookedMs = this.#deps.clock?.monotonic();
    return this.#known;
  }

  async #authority(known: string | undefined): Promise<string | undefined> {
    const found = await this.#textOf(this.#parts.authority);
    return found !== undefined && found !== known && isCertificate(found) ? found : known;
  }

  async #clientCertificate(
    certificate: Pem,
    key: Pem,
    known: ClientCertificate | undefined,
  ): Promise<ClientCertificate | undefined> {
    const found = { certificate: await this.#textOf(certificate), key: await this.#textOf(key) };
    if (found.certificate === undefined || found.key === undefined) return known;
    if (found.certificate === known?.certificate && found.key === known.key) return known;
    const pair = { certificate: found.certificate, key: found.key };
    return isPair(pair) ? pair : known;
  }

  async #textOf(pem: Pem | undefined): Promise<string | undefined> {
    if (pem?.file === undefined) return pem?.text;
    try {
      const bytes = await this.#deps.files.read(pem.file);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    } catch {
      return undefined; // looked at again soon; what is known holds until then
    }
  }
}

export function materialOf({ authority, certificate, key }: TlsParts): TlsMaterial {
  return {
    authority: authority?.text,
    clientCertificate:
      certificate === undefined || key === undefined
        ? undefined
        : { certificate: certificate.text, key: key.text },
  };
}

/** When a certificate stops to hold, in milliseconds since 1970; Infinity if it cannot be read. */
export function expiryOf({ certificate }: ClientCertificate): number {
  try {
    return new X509Certificate(certificate).validToDate.getTime();
  } catch {
    return Infinity;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function isPair({ certificate, key }: ClientCertificate): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
