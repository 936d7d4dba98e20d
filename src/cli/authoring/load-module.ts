/** Loads a module of the user's: any file of TypeScript or JavaScript that Node can run. */
import { access, readFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Env } from "../../base/env.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { UserError } from "../user-error.ts";

/** A module that takes longer is doing work of its own, e.g. running a manager. */
export const LOAD_MS_MAX = 30_000;

const EXTENSIONS: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);

/** The module goes on running: whoever loaded it must end the process. */
export class StillLoadingError extends UserError {
  constructor(path: string) {
    super(
      `${path} is still loading after ${LOAD_MS_MAX / 1_000} s`,
      "A module that is generated from only exports; keep `await createManager(...).run()` in " +
        "another file, e.g. main.ts.",
    );
  }
}

export type LoadDeps = { readonly env: Env; readonly signal: AbortSignal };

/** The exports of the module at `path`. Throws `UserError` that says what to do. */
export async function loadModule(path: string, { env, signal }: LoadDeps): Promise<Fields> {
  const file = resolve(path);
  if (!EXTENSIONS.has(extname(file))) {
    throw new UserError(
      `${path} is not a module`,
      "Name a file of TypeScript or JavaScript that exports kinds or controllers.",
    );
  }
  await access(file).catch((cause: unknown) => {
    const hint = "Name the file that exports your kinds or controllers, e.g. src/controller.ts.";
    throw new UserError(`there is no file ${path}`, hint, { cause });
  });
  const timer = new AbortController();
  try {
    const late = env.timers.sleep(LOAD_MS_MAX, AbortSignal.any([signal, timer.signal]));
    const loaded: unknown = await Promise.race([
      import(pathToFileURL(file).href),
      late.then(() => Promise.reject(new StillLoadingError(path))),
    ]);
    return Object(loaded);
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw loadProblem(error, path, process.versions.node);
  } finally {
    timer.abort();
  }
}

/**
 * The KUBECONFIG while modules are loaded: one that runs a manager after all must not do so on the
 * cluster of whoever generates.
 */
export const NO_CLUSTER = "none, as modules are only loaded here";

/** What went wrong while loading, in the user's terms. */
export function loadProblem(error: unknown, path: string, nodeVersion: string): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const say = (hint: string): UserError =>
    new UserError(`${path} cannot be loaded: ${message}`, hint, { cause: error });
  if (message.startsWith(NO_CLUSTER)) {
    return new UserError(
      `${path} runs its manager as soon as it is loaded`,
      "Export the controllers from a file of their own, e.g. src/controller.ts, and name that one.",
      { cause: error },
    );
  }
  switch (codeOf(error)) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return new UserError(
        `Node ${nodeVersion} does not load TypeScript, so ${path} cannot be loaded`,
        "Use Node 22.18 or newer, or name the JavaScript your build makes of it.",
        { cause: error },
      );
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return say(
        "Node only takes types away: no enum, namespace or parameter property. Set " +
          "erasableSyntaxOnly in tsconfig.json to find them, or name the JavaScript of your build.",
      );
    case "ERR_INVALID_TYPESCRIPT_SYNTAX":
      return say("Mend the syntax; `npx tsc --noEmit` shows the place.");
    case "ERR_MODULE_NOT_FOUND":
    case "MODULE_NOT_FOUND":
      return say(
        "Install what is missing with npm install. Imports of your own files end in the name the " +
          'file has: "./site.ts", not "./site" or "./site.js".',
      );
    case "ERR_PACKAGE_PATH_NOT_EXPORTED":
      return say("Import what the package has; the versions may not fit each other.");
    default:
      return say(
        "Loading a module runs it, without a cluster: keep what needs one in another file, e.g. " +
          "main.ts.",
      );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A name for what is in a module: of its package, else of the file. Fit for objects of the API. */
export async function nameOfModule(path: string): Promise<string> {
  const file = resolve(path);
  const found = (await packageName(dirname(file))) ?? basename(file, extname(file));
  const name = (found.split("/").at(-1) ?? "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return name.replace(/^[^a-z]+|-+$/g, "").slice(0, 50) || "controller";
}

async function packageName(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await readFile(join(at, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) {
      const manifest: unknown = JSON.parse(text);
      const name = isFields(manifest) ? own(manifest, "name") : undefined;
      return typeof name === "string" ? name : undefined;
    }
    if (dirname(at) === at) return undefined;
  }
}
