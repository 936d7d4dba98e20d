/** `new controller`: a project that runs at once. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { isFields, own } from "../../machinery/object.ts";
import { projectFiles, projectOf } from "../authoring/project/project.ts";
import type { Versions } from "../authoring/project/surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { UserError } from "../user-error.ts";

export type NewControllerOptions = {
  readonly name: string;
  readonly group: string;
  /** Default: made from the name. */
  readonly kind: string | undefined;
  /** Default: the name. */
  readonly folder: string | undefined;
  /** Whether it begins with an admission webhook (default no). */
  readonly hasWebhook?: boolean;
};

/** Writes the project. Throws `UserError` for bad names, and if the folder holds anything. */
export async function newController(
  options: NewControllerOptions,
  terminal: Terminal,
): Promise<void> {
  const { name, group, kind, folder = name, hasWebhook = false } = options;
  const project = projectOf(name, group, kind, { hasWebhook });
  await refuseFull(folder);
  const files = Object.entries(projectFiles(project, await versionsOfPackage()));
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    terminal.write(`${file}\n`);
  }
  const where = relative(process.cwd(), folder);
  const enter = where === "" ? "" : `  cd ${where}\n`;
  terminal.write(`\nNext:\n${enter}  npm install\n  npm test\nThen see README.md there.\n`);
}

async function refuseFull(folder: string): Promise<void> {
  let present: readonly string[];
  try {
    present = await readdir(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return;
    if (code !== "ENOTDIR") throw error;
    throw new UserError(`${folder} is not a folder`, "Name another one after the name.");
  }
  if (present.length === 0) return;
  throw new UserError(
    `the folder ${folder} is not empty`,
    "Name another one after the name; nothing is ever written over.",
  );
}

/** A project begins with what this package was made and tested with. */
async function versionsOfPackage(): Promise<Versions> {
  const url = new URL("../../../package.json", import.meta.url);
  const manifest: unknown = JSON.parse(await readFile(url, "utf8"));
  const tested = isFields(manifest) ? own(manifest, "devDependencies") : undefined;
  const range = (fields: unknown, name: string): string => {
    const found = isFields(fields) ? own(fields, name) : undefined;
    return typeof found === "string" ? `^${found}` : "latest";
  };
  return {
    setpoint: range(manifest, "version"),
    zod: range(tested, "zod"),
    typescript: range(tested, "typescript"),
    vitest: range(tested, "vitest"),
    nodeTypes: range(tested, "@types/node"),
  };
}
