/** /healthz, /livez and /readyz: is the process alive, and may it be sent requests? */
import type { Context } from "../base/context.ts";
import type { ApiRequest, ApiResponse } from "../machinery/request.ts";
import { pageNotFound, textAnswer } from "./answers.ts";
import type { PathHandler } from "./dispatch.ts";

/** One thing that must be well. */
export type HealthCheck = {
  /** In the verbose answer and in paths: `/livez/etcd`. */
  readonly name: string;
  /** `ready`: only keeps the server from being sent requests. */
  readonly kind: "live" | "ready";
  /** Rejects, or resolves with false, when it is not well. */
  readonly check: (context: Context) => boolean | Promise<boolean>;
};

const ROOTS: readonly string[] = ["healthz", "livez", "readyz"];

/** Answers health paths from `checks`. */
export function healthPaths(checks: readonly HealthCheck[]): PathHandler {
  return async (request, context) => {
    const [, root = "", name = "", ...rest] = request.path.split("/");
    if (!ROOTS.includes(root) || rest.length > 0) return undefined;
    const relevant = checks.filter((check) => root === "readyz" || check.kind === "live");
    if (request.path === `/${root}`) return answerAll(root, relevant, request, context);
    const check = relevant.find((each) => each.name === name);
    return check === undefined ? pageNotFound() : answerOne(check, context);
  };
}

async function answerOne(check: HealthCheck, context: Context): Promise<ApiResponse> {
  if (await passes(check, context)) return textAnswer(200, "ok");
  return textAnswer(500, "internal server error: reason withheld\n");
}

async function answerAll(
  root: string,
  checks: readonly HealthCheck[],
  request: ApiRequest,
  context: Context,
): Promise<ApiResponse> {
  const excluded = new Set(request.query.getAll("exclude"));
  const lines: string[] = [];
  let isWell = true;
  for (const check of checks) {
    if (excluded.has(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const isOk = await passes(check, context);
    isWell &&= isOk;
    lines.push(isOk ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`);
  }
  const unknown = [...excluded].filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const names = unknown.sort().map((name) => JSON.stringify(name));
    const matches = `no matches for ${names.join(",")}`;
    lines.push(`warn: some health checks cannot be excluded: ${matches}`);
  }
  if (!isWell) return textAnswer(500, `${lines.join("\n")}\n${root} check failed\n`);
  if (!request.query.has("verbose")) return textAnswer(200, "ok");
  return textAnswer(200, `${lines.join("\n")}\n${root} check passed\n`);
}

/** A check that throws is not well; why is nobody's business who may ask without credentials. */
async function passes(check: HealthCheck, context: Context): Promise<boolean> {
  try {
    return await check.check(context);
  } catch (error) {
    context.log.warn("A health check failed.", { check: check.name, error });
    return false;
  }
}
