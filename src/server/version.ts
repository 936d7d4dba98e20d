/** What this server says it is: the Kubernetes version whose API it speaks, and its own build. */
import type { ApiRequest } from "../machinery/request.ts";
import { JSON_TYPE, valueAnswer } from "./answers.ts";
import type { PathHandler } from "./dispatch.ts";
import { checkRoute } from "./handlers/negotiation.ts";

export type VersionInfo = {
  readonly major: string;
  readonly minor: string;
  readonly emulationMajor: string;
  readonly emulationMinor: string;
  readonly minCompatibilityMajor: string;
  readonly minCompatibilityMinor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
};

/** kubectl and Helm read major, minor and gitVersion; the rest is there because they parse it. */
export const VERSION: VersionInfo = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.2+setpoint",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "tsc",
  platform: "node/any",
};

export function versionPath(): PathHandler {
  return (request: ApiRequest) => {
    if (!/^\/version\/*$/.test(request.path)) return undefined;
    checkRoute(request.headers["accept"] ?? "", [JSON_TYPE]);
    return valueAnswer(200, VERSION);
  };
}
