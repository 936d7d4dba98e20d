import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ProgramRun } from "../../base/real/run-program.ts";
import { aCertificate } from "../http/testing/test-certificate.ts";
import { ExecCredentials, type CredentialsProgram } from "./exec-credentials.ts";

const V1 = "client.authentication.k8s.io/v1";
const PROGRAM: CredentialsProgram = {
  apiVersion: V1,
  command: "cloud",
  args: ["token"],
  variables: { REGION: "north" },
  installHint: "Install it from the cloud.",
  cluster: { server: "https://a" },
};

/** Credentials of a program that prints `answers`, one a run. */
function aProgram(...answers: readonly unknown[]) {
  const env = virtualEnv();
  const runs: ProgramRun[] = [];
  const run = (each: ProgramRun) => {
    const answer = answers[Math.min(runs.length, answers.length - 1)];
    runs.push(each);
    if (answer instanceof Error) return Promise.reject(answer);
    if (typeof answer === "number") return Promise.resolve({ exitCode: answer, output: "" });
    const output = typeof answer === "string" ? answer : JSON.stringify(answer);
    return Promise.resolve({ exitCode: 0, output });
  };
  return { env, runs, credentials: new ExecCredentials(PROGRAM, { run, clock: env.clock }) };
}

const answer = (status: object) => ({ apiVersion: V1, kind: "ExecCredential", status });

test("the program is told where and how, and its token is kept while it lasts", async () => {
  const { env, runs, credentials } = aProgram(
    answer({ token: "one", expirationTimestamp: "2026-01-01T00:10:00Z" }),
    answer({ token: "two" }),
  );
  expect((await credentials.get()).token).toBe("one");
  expect(await credentials.get()).toMatchObject({ token: "one" });
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ command: "cloud", args: ["token"] });
  expect(runs[0]?.variables["REGION"]).toBe("north");
  expect(JSON.parse(runs[0]?.variables["KUBERNETES_EXEC_INFO"] ?? "")).toEqual({
    apiVersion: V1,
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: "https://a" } },
  });
  await env.advance(595_000);
  expect((await credentials.get()).token).toBe("two");
});

const shown = (token: string) => ({ token, clientCertificate: undefined });

test("calls that come at once run it once; a token that is refused is fetched anew", async () => {
  const { runs, credentials } = aProgram(answer({ token: "one" }), answer({ token: "two" }));
  await Promise.all([credentials.get(), credentials.get()]);
  expect(runs).toHaveLength(1);
  credentials.refused(shown("one"));
  expect((await credentials.get()).token).toBe("two");
});

test("many calls that are refused with one token run it once", async () => {
  const { env, runs, credentials } = aProgram(answer({ token: "one" }), answer({ token: "two" }));
  await credentials.get();
  await env.advance(60_000);
  credentials.refused(shown("one"));
  await credentials.get();
  await env.advance(60_000);
  credentials.refused(shown("one")); // a late answer: others have been shown since
  expect((await credentials.get()).token).toBe("two");
  expect(runs).toHaveLength(2);
});

test("a program whose credentials are never taken is not run for each request", async () => {
  const { env, runs, credentials } = aProgram(answer({ token: "one" }));
  for (let second = 0; second < 20; second += 1) {
    credentials.refused(shown((await credentials.get()).token ?? ""));
    await env.advance(1_000);
  }
  expect(runs.length).toBeLessThanOrEqual(5);
});

test("credentials of a very short life are used for most of it", async () => {
  const { env, runs, credentials } = aProgram(
    answer({ token: "one", expirationTimestamp: "2026-01-01T00:00:05Z" }),
    answer({ token: "two", expirationTimestamp: "2026-01-01T00:01:00Z" }),
  );
  await credentials.get();
  await env.advance(3_900);
  expect((await credentials.get()).token).toBe("one");
  await env.advance(200);
  expect((await credentials.get()).token).toBe("two");
  expect(runs).toHaveLength(2);
});

test("a certificate is fetched anew before it expires, whatever the program says", async () => {
  const validity = {
    notBefore: new Date("2025-12-31T00:00:00Z"),
    notAfter: new Date("2026-01-01T00:10:00Z"),
  };
  const { certificate, key } = await aCertificate(validity);
  const pair = { clientCertificateData: certificate, clientKeyData: key };
  const { env, credentials } = aProgram(
    answer({ ...pair, expirationTimestamp: "2026-01-02T00:00:00Z" }),
    answer({ token: "instead" }),
  );
  expect(await credentials.get()).toMatchObject({ clientCertificate: { certificate, key } });
  await env.advance(580_000);
  expect(await credentials.get()).toMatchObject({ clientCertificate: { certificate, key } });
  await env.advance(10_000);
  expect(await credentials.get()).toMatchObject({ token: "instead", clientCertificate: undefined });
});

test("a certificate with its key", async () => {
  const { credentials } = aProgram(answer({ clientCertificateData: "C", clientKeyData: "K" }));
  expect((await credentials.get()).clientCertificate).toEqual({ certificate: "C", key: "K" });
});

test.each([
  ["no program", new Error("spawn cloud ENOENT"), "ENOENT\nInstall it from the cloud."],
  ["a failure", 3, "it ended with 3"],
  ["no JSON", "hello", "it did not print JSON"],
  ["something else", { kind: "Pod" }, "it did not print an ExecCredential"],
  ["another version", { kind: "ExecCredential", apiVersion: "v2" }, 'in version "v2", not '],
  ["nothing", answer({}), "neither a token nor a certificate"],
  ["half a pair", answer({ clientKeyData: "K" }), "a certificate and its key go together"],
])("%s is told", async (_, printed, problem) => {
  const { credentials } = aProgram(printed);
  await expect(credentials.get()).rejects.toThrow(problem);
  await expect(credentials.get()).rejects.toThrow("the program cloud gives no credentials: ");
});
