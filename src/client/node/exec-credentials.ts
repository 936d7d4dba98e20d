/**
 * Credentials that a program gives, as kubeconfigs of managed clusters name one (`exec`): the
 * protocol of client.authentication.k8s.io, versions v1 and v1beta1.
 */
import type { Clock } from "../../base/env.ts";
import type { ProgramOutput, ProgramRun } from "../../base/real/run-program.ts";
import { decodeJsonText } from "../../machinery/codec/json.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { ClientCertificate, ShownCredentials } from "../http/connection-options.ts";
import { expiryOf } from "./renewed-tls.ts";

/** Credentials could not be had; the message names the program and what to do. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/** What a kubeconfig says of the program. */
export type CredentialsProgram = {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** For people who do not have the program. */
  readonly installHint: string;
  /** Told to the program if it asked for it. */
  readonly cluster: Fields | undefined;
};

export type CredentialsDeps = {
  readonly run: (run: ProgramRun) => Promise<ProgramOutput>;
  readonly clock: Clock;
};

export type Credentials = {
  readonly token: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
};

/** `oldMs`: from when on they are fetched anew. */
type Known = Credentials & { readonly fetchedMs: number; readonly oldMs: number };

/** A program that asks people, or a service, may take its time. */
const RUN_MS_MAX = 60_000;
/** They are fetched anew this long before they expire, or a fifth of a shorter life. */
const LEEWAY_MS = 10_000;
/** Credentials that a server refuses are fetched anew this often at most. */
const REFUSED_EVERY_MS = 5_000;

export class ExecCredentials {
  readonly #program: CredentialsProgram;
  readonly #deps: CredentialsDeps;
  #known: Known | undefined;
  /** When they were refused last, as far as it led to others. */
  #refusedMs: number | undefined;
  #fetching: Promise<Known> | undefined;

  constructor(program: CredentialsProgram, deps: CredentialsDeps) {
    this.#program = program;
    this.#deps = deps;
  }

  /** Those at hand while they last; else the program is run, once for all who wait. */
  async get(): Promise<Credentials> {
    if (this.#known !== undefined && !this.#isOld(this.#known)) return this.#known;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    this.#known = await this.#fetching;
    return this.#known;
  }

  /**
   * The server does not take what was shown to it: the next call runs the program, unless it has
   * given others since, or was run for this reason just now.
   */
  refused(shown: ShownCredentials): void {
    const known = this.#known;
    if (known === undefined) return;
    const isOthers =
      known.token !== shown.token ||
      known.clientCertificate?.certificate !== shown.clientCertificate?.certificate;
    if (isOthers) return;
    const nowMs = this.#deps.clock.monotonic();
    if (this.#refusedMs !== undefined && nowMs - this.#refusedMs < REFUSED_EVERY_MS) return;
    this.#refusedMs = nowMs;
    this.#known = undefined;
  }

  #isOld({ fetchedMs, oldMs }: Known): boolean {
    const nowMs = this.#deps.clock.now();
    return nowMs >= oldMs || nowMs < fetchedMs - LEEWAY_MS; // the clock was set back
  }

  async #fetch(): Promise<Known> {
    const { apiVersion, command, args, variables, cluster, installHint } = this.#program;
    const spec = { interactive: false, ...(cluster === undefined ? {} : { cluster }) };
    const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
    const told = { ...variables, KUBERNETES_EXEC_INFO: info };
    const run = { command, args, variables: told, timeoutMs: RUN_MS_MAX };
    let answer: ProgramOutput;
    try {
      answer = await this.#deps.run(run);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "it cannot be started";
      throw this.#error(`${why}${installHint === "" ? "" : `\n${installHint}`}`, cause);
    }
    if (answer.exitCode !== 0) {
      const code = answer.exitCode;
      throw this.#error(code === undefined ? "it took too long" : `it ended with ${code}`);
    }
    return this.#read(answer.output);
  }

  #read(output: string): Known {
    const { apiVersion } = this.#program;
    const value = this.#decode(output);
    if (!isFields(value) || own(value, "kind") !== "ExecCredential") {
      throw this.#error("it did not print an ExecCredential");
    }
    if (own(value, "apiVersion") !== apiVersion) {
      const got = JSON.stringify(own(value, "apiVersion"));
      throw this.#error(`it answered in version ${got}, not ${apiVersion}`);
    }
    const status = own(value, "status");
    if (!isFields(status)) throw this.#error("its answer has no status");
    const token = textOf(status, "token");
    const certificate = textOf(status, "clientCertificateData");
    const key = textOf(status, "clientKeyData");
    if ((certificate === undefined) !== (key === undefined)) {
      throw this.#error("a certificate and its key go together");
    }
    if (token === undefined && certificate === undefined) {
      throw this.#error("it gave neither a token nor a certificate");
    }
    const expires = textOf(status, "expirationTimestamp");
    const clientCertificate =
      certificate === undefined || key === undefined ? undefined : { certificate, key };
    const expiresMs = Math.min(
      (expires === undefined ? undefined : parseApiTime(expires)) ?? Infinity,
      clientCertificate === undefined ? Infinity : expiryOf(clientCertificate),
    );
    const fetchedMs = this.#deps.clock.now();
    const oldMs = expiresMs - Math.max(0, Math.min(LEEWAY_MS, (expiresMs - fetchedMs) / 5));
    return { token, clientCertificate, fetchedMs, oldMs };
  }

  #decode(output: string): unknown {
    try {
      return decodeJsonText(output).value;
    } catch (cause) {
      throw this.#error("it did not print JSON", cause);
    }
  }

  #error(problem: string, cause?: unknown): CredentialsError {
    const { command } = this.#program;
    return new CredentialsError(`the program ${command} gives no credentials: ${problem}`, {
      cause,
    });
  }
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = own(fields, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
