/**
 * Certificates in a Secret that all replicas share. Everyone looks now and then and takes the step
 * that is due; of several who write at once the server takes one, and the others read what that one
 * wrote. Steps overlap (see `pki/rotation.ts`), so nobody need be in time.
 *
 * What this process serves already is put back when the Secret is lost or damaged, so that the
 * other replicas and the API servers that trust them notice nothing.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Secret } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { own } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { RotationOptions, ServingSet } from "../../pki/rotation.ts";
import { PreflightError } from "../declared/preflight.ts";
import type { CertificateSource, ServedCertificates } from "./certificates.ts";

/** Between two looks. A change reaches all replicas within this time. */
export const SECRET_LOOK_MS = 30_000;
/** Tries to write before a look fails: each lost one means that another replica has written. */
export const SECRET_WRITES_MAX = 5;
/** Marks a Secret whose content is this program's to renew. */
export const CERTIFICATES_ANNOTATION = "setpoint.dev/webhook-certificates";
/** Says that a Secret belongs to somebody else. */
export class ForeignSecretError extends Error {
  override readonly name = "ForeignSecretError";
}

export class SecretCertificates implements CertificateSource {
  readonly lookMs: number = SECRET_LOOK_MS;
  readonly #key: ObjectKey;
  readonly #options: RotationOptions;
  readonly #deps: { readonly client: Client; readonly env: Env };
  #serving: ServingSet | undefined;

  constructor(
    key: ObjectKey,
    options: RotationOptions,
    deps: { readonly client: Client; readonly env: Env },
  ) {
    this.#key = key;
    this.#options = options;
    this.#deps = deps;
  }

  async look(context: Context): Promise<ServedCertificates> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#serving = await this.#readOrRenew(context);
        const { authorities, certificate, key } = this.#serving;
        const { endOf } = await import("../../pki/key-pair.ts");
        return { authorities, certificate, key, endMs: endOf(certificate) };
      } catch (error) {
        const isLost = isStatus(error, "Conflict") || isStatus(error, "AlreadyExists");
        if (!isLost || tries >= SECRET_WRITES_MAX) throw error;
      }
    }
  }

  async #readOrRenew(context: Context): Promise<ServingSet> {
    // The library behind it is large: loaded by those only who make certificates.
    const { isSound, renewed } = await import("../../pki/rotation.ts");
    const { client, env } = this.#deps;
    const secret = await this.#read(context);
    const kept = secret === undefined ? undefined : setOf(secret, this.#key);
    const isDamaged = kept === undefined || !isSound(kept);
    const before = isDamaged ? (this.#serving ?? kept) : kept;
    const { set, steps } = await renewed(before, this.#options, env);
    if (set === kept) return set;
    if (secret === undefined) await this.#create(set, context);
    else await client.update(Secret, withSet(secret, set), context);
    for (const step of steps) {
      const { kind, why } = step.kind === "keep" ? { kind: "keep", why: "" } : step;
      const secretName = keyText(this.#key);
      context.log.info("Webhook certificates change.", { secret: secretName, step: kind, why });
    }
    return set;
  }

  async #read(context: Context): Promise<Secret | undefined> {
    try {
      return await this.#deps.client.get(Secret, this.#key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async #create(set: ServingSet, context: Context): Promise<void> {
    const metadata = { ...this.#key };
    const empty: Secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" };
    try {
      await this.#deps.client.create(Secret, withSet(empty, set), context);
    } catch (error) {
      if (!isStatus(error, "Forbidden")) throw error;
      throw new PreflightError([
        `this program may not create the Secret ${keyText(this.#key)}, where the certificates of ` +
          "its webhooks are kept: make an empty one (`setpoint generate install` prints it), or " +
          "allow it to create secrets in that namespace",
      ]);
    }
  }
}

const FIELDS: Readonly<Record<keyof ServingSet, string>> = {
  authorities: "ca.crt",
  authorityKey: "ca.key",
  certificate: "tls.crt",
  key: "tls.key",
};

/** What is in it, sound or not; undefined: nothing. Throws if it is somebody else's. */
function setOf({ data = {}, metadata }: Secret, key: ObjectKey): ServingSet | undefined {
  if (Object.keys(data).length === 0) return undefined;
  if (own(metadata.annotations ?? {}, CERTIFICATES_ANNOTATION) === undefined) {
    throw new ForeignSecretError(
      `the Secret ${keyText(key)} holds ${Object.keys(data).join(", ")}, which this program has ` +
        "not put there: name another one in `webhooks.certificates.secret`, or delete it",
    );
  }
  const text = (field: keyof ServingSet): string => {
    const value = own(data, FIELDS[field]);
    return typeof value === "string" ? Buffer.from(value, "base64").toString("latin1") : "";
  };
  return {
    authorities: text("authorities"),
    authorityKey: text("authorityKey"),
    certificate: text("certificate"),
    key: text("key"),
  };
}

function withSet(secret: Secret, set: ServingSet): Secret {
  const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
  const { annotations = {} } = secret.metadata;
  return {
    ...secret,
    metadata: {
      ...secret.metadata,
      annotations: { ...annotations, [CERTIFICATES_ANNOTATION]: "rotated by the program itself" },
    },
    data: {
      [FIELDS.authorities]: base64(set.authorities),
      [FIELDS.authorityKey]: base64(set.authorityKey),
      [FIELDS.certificate]: base64(set.certificate),
      [FIELDS.key]: base64(set.key),
    },
  };
}
