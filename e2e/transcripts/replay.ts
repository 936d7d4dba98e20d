/** Asks a server over the wire what the recordings were asked, and says how the answers differ. */
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { differencesOf, type Difference } from "./differences.ts";
import type { Step } from "./recording.ts";
import {
  isWaitedFor,
  preparation,
  requestOf,
  resolve,
  type Asked,
  type Scenario,
} from "./scenario.ts";

export type Target = {
  readonly url: string;
  readonly ca: string;
  /** Bearer tokens by user. */
  readonly tokens: Readonly<Record<string, string>>;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** A watch without an end of its own is cut off after this time, as in the recording. */
const WATCH_MS_MAX = 3_000;
/** How often, and how many times, an answer is waited for. */
const TRY_AGAIN_MS = 50;
const TRIES_MAX = 200;
/** Headers that are compared; the others are of the moment. */
export const COMPARED_HEADERS: readonly string[] = [
  "cache-control",
  "content-type",
  "retry-after",
  "warning",
];

/** Sends one request. */
export function ask(target: Target, asked: Step["request"]): Promise<Answer> {
  const { user, contentType, body } = asked;
  const token = user === null ? undefined : (target.tokens[user] ?? user);
  const text = body === undefined || typeof body === "string" ? body : jsonText(body);
  return send(target, asked.method, asked.path, text, {
    ...asked.headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(contentType === undefined ? {} : { "content-type": contentType }),
    // Node says no length by itself for a DELETE.
    ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }),
  });
}

/** Sends a scenario's requests in order, each filled in with what was answered before it. */
export async function play(
  target: Target,
  scenario: Scenario,
  visit: (step: number, asked: Step["request"], answer: Answer) => void,
): Promise<void> {
  for (const asked of preparation(scenario)) {
    const answer = await ask(target, requestOf(asked));
    if (answer.status !== 201) throw new Error(`${asked.path}: ${JSON.stringify(answer.body)}`);
  }
  const answers = new Map<number, Answer>();
  for (const [index, asked] of scenario.steps.entries()) {
    const request = requestOf(asked);
    const answer = await askUntil(target, resolve(request, answers), asked);
    answers.set(index + 1, answer);
    visit(index + 1, request, answer);
  }
}

async function askUntil(
  target: Target,
  request: Step["request"],
  asked: Pick<Asked, "until">,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask(target, request);
    if (isWaitedFor(answer, asked)) return answer;
    if (tries === TRIES_MAX) throw new Error(`${request.path}: ${JSON.stringify(answer)}`);
    await sleep(TRY_AGAIN_MS);
  }
}

/** How an answer differs from the recorded one. */
export function compare(step: Step, answer: Answer): readonly Difference[] {
  const wanted = Object.fromEntries(step.response.headers);
  const headers = COMPARED_HEADERS.flatMap((name) =>
    differencesOf(wanted[name], answer.headers[name], `headers.${name}`),
  );
  return [
    ...differencesOf(step.response.status, answer.status, "status"),
    ...headers,
    ...differencesOf(step.response.body, answer.body, "body"),
  ];
}

/** JSON with the spaces it was recorded with: some refusals repeat what was sent. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => {
    return `${JSON.stringify(key)}: ${jsonText(field)}`;
  });
  return `{${fields.join(", ")}}`;
}

function send(
  target: Target,
  method: string,
  path: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(target.url);
    // As recorded: `URL` would rewrite the query.
    const sent = request(
      { host: url.hostname, port: url.port, path, method, headers, ca: target.ca, agent: false },
      (response) => {
        let text = "";
        const finish = (): void => {
          const { statusCode: status = 0 } = response;
          resolve({ status, headers: plainHeaders(response.headers), body: bodyOf(text) });
        };
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", finish);
        response.on("close", finish); // the end, or we cut it off
        setTimeout(() => response.destroy(), WATCH_MS_MAX).unref();
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

function plainHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : (value ?? []).join(", "),
    ]),
  );
}

/** One JSON value, several on a line each, or text. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    try {
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.length === 0 ? text : lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      return text;
    }
  }
}
