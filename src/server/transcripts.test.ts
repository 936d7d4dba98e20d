/**
 * What a real API server answered, compared with what this one does. The recordings are no part of
 * this repository: name the folder that holds them in SETPOINT_REFERENCE, or this is skipped.
 *
 * Identities, times and revisions are masked; managedFields are not kept here. Where we mean to
 * differ, the step is listed with its reason, and only its status code is compared.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Method } from "../machinery/request.ts";
import { isFields } from "../machinery/object.ts";
import { aServer, type TestServer } from "./testing/test-server.ts";

const folder = join(process.env["SETPOINT_REFERENCE"] ?? "", "kubernetes-1.36/transcripts");
const isPresent = process.env["SETPOINT_REFERENCE"] !== undefined && existsSync(folder);

type Step = {
  readonly step: number;
  readonly request: {
    readonly method: Method;
    readonly path: string;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: { readonly status: number; readonly body: unknown };
};

const CAUSES = "upstream repeats a cause";
const ACCOUNT = "accounts are not looked up, and no token is mounted";
const GENERATED = "a number by chance";

/** By scenario, in the order in which they were recorded. */
const SCENARIOS: readonly (readonly [string, Readonly<Record<number, string>>])[] = [
  ["configmap-lifecycle", {}],
  ["create-errors", {}],
  ["generateName", {}],
  ["patches", {}],
  ["deployment", {}],
  ["delete", { 4: CAUSES }],
  [
    "pods",
    {
      1: ACCOUNT,
      6: ACCOUNT,
      8: `skip: ${ACCOUNT}`,
      9: ACCOUNT,
      10: ACCOUNT,
      11: ACCOUNT,
      14: ACCOUNT,
      15: ACCOUNT,
      16: "skip: the log of a node that does not exist",
      18: ACCOUNT,
      19: ACCOUNT,
    },
  ],
  [
    "services-and-others",
    {
      2: GENERATED,
    },
  ],
  [
    "yaml-and-negotiation",
    {
      3: "a text holds what is masked elsewhere",
      10: "the HTTP side leaves out the body",
    },
  ],
];

const MASKED: readonly string[] = [
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "lastTransitionTime",
  "description",
  "clusterIP",
  "clusterIPs",
];

describe.skipIf(!isPresent)("transcripts of a real API server", () => {
  test("are answered alike, in order, but where we mean to differ", async () => {
    const server = await aServer();
    await makeListed(server);
    const differences: unknown[] = [];
    for (const [scenario, known] of SCENARIOS) {
      for (const step of stepsOf(scenario)) {
        const why = known[step.step];
        if (why?.startsWith("skip") === true) continue;
        const answer = await send(server, step);
        const want = { status: step.response.status, body: masked(step.response.body) };
        const got = { status: answer.status, body: masked(answer.value) };
        const isAlike = why === undefined ? isSame(want, got) : want.status === got.status;
        if (!isAlike) differences.push({ scenario, step: step.step, want, got });
      }
    }
    expect(differences).toEqual([]);
  });
});

/** What the delete scenario finds, made by requests that were not recorded. */
async function makeListed(server: TestServer): Promise<void> {
  for (let index = 0; index < 7; index += 1) {
    const labels = { n: String(index % 3), ...(index % 2 === 0 ? { even: "y" } : {}) };
    const body = { metadata: { name: `l${index}`, labels }, data: { i: String(index) } };
    await server.call("POST", "/api/v1/namespaces/t/configmaps", { body });
  }
}

function stepsOf(scenario: string): readonly Step[] {
  const lines = readFileSync(join(folder, `${scenario}.jsonl`), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Step);
}

function send(server: TestServer, { request }: Step): ReturnType<TestServer["call"]> {
  const { method, path, contentType, body } = request;
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return server.call(method, path, {
    headers,
    ...(sent === undefined ? {} : { body: sent }),
    ...(contentType === undefined ? {} : { contentType }),
  });
}

function isSame(want: unknown, got: unknown): boolean {
  try {
    expect(got).toEqual(want);
    return true;
  } catch {
    return false;
  }
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (isFields(value)) {
    const kept = Object.entries(value).filter(([key]) => key !== "managedFields");
    return Object.fromEntries(
      kept.map(([key, field]) => [key, MASKED.includes(key) ? "*" : masked(field)]),
    );
  }
  if (typeof value !== "string") return value;
  return value
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "UID")
    .replaceAll(/[Gg]en-[a-z0-9]{5}/g, "gen-*")
    .replaceAll(/in record \(\d+\)/g, "in record (*)");
}
