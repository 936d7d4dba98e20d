/** `generate`: manifests and types that follow from what an author has written already. */
import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CustomResourceDefinition } from "../../client/builtin.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Fields } from "../../machinery/object.ts";
import { loadModule, nameOfModule, type LoadDeps } from "../authoring/load-module.ts";
import {
  accessManifests,
  installManifests,
  manifestsText,
} from "../authoring/manifests-of-module.ts";
import { helmChart } from "../authoring/helm-chart.ts";
import { definitionManifests } from "../authoring/install-extras.ts";
import { contentsOf, type ModuleContents } from "../authoring/module-contents.ts";
import { resourceModule } from "../authoring/resource-text.ts";
import { readManifests } from "../manifests.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { UserError } from "../user-error.ts";

/** Paths of modules; where nothing else names things, the package of the first does. */
export type Modules = string | readonly string[];

export type PlacementFlags = {
  /** Default: the name of the package the first module is in. */
  readonly name: string | undefined;
  /** Default: the name. */
  readonly namespace: string | undefined;
};

export type InstallFlags = PlacementFlags & {
  readonly image: string;
  readonly replicas: number;
  readonly healthPort: number;
  readonly hasNetworkPolicy?: boolean;
};

/** Placed as the flags of `install` say, which matters for kinds that a webhook converts. */
export async function generateDefinitions(
  modules: Modules,
  deps: LoadDeps,
  flags: PlacementFlags = { name: undefined, namespace: undefined },
): Promise<string> {
  const { kinds } = contentsOf(await exportsOf(modules, deps));
  if (kinds.length === 0) {
    throw new UserError(
      `${pathsOf(modules).join(", ")} exports no kind`,
      "Export what defineResource() has made, or a controller of it:\n" +
        "  export const Site = defineResource({ ... });",
    );
  }
  return manifestsText(definitionManifests(kinds, await placementOf(modules, flags)));
}

/** What the controllers in a module must be allowed, as YAML. */
export async function generateAccess(
  modules: Modules,
  flags: PlacementFlags,
  deps: LoadDeps,
): Promise<string> {
  const contents = await withControllers(modules, deps);
  return manifestsText(accessManifests(contents, await placementOf(modules, flags)));
}

/** Everything the controllers in a module need to run in a cluster, as YAML. */
export async function generateInstall(
  modules: Modules,
  flags: InstallFlags,
  deps: LoadDeps,
): Promise<string> {
  const contents = await withControllers(modules, deps);
  const options = { ...flags, ...(await placementOf(modules, flags)) };
  return manifestsText(installManifests(contents, options));
}

export type ChartFlags = Omit<InstallFlags, "namespace"> & {
  readonly version: string;
  /** Where the chart is written. */
  readonly folder: string;
};

/** The same as a Helm chart, into a folder. Answers the paths of its files. */
export async function generateChart(
  modules: Modules,
  { folder, ...flags }: ChartFlags,
  deps: LoadDeps,
): Promise<readonly string[]> {
  const contents = await withControllers(modules, deps);
  const { name } = await placementOf(modules, { name: flags.name, namespace: undefined });
  const files = [...helmChart(contents, { ...flags, name })];
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return files.map(([file]) => join(folder, file));
}

/** What all of the modules export, in their order. */
async function exportsOf(modules: Modules, deps: LoadDeps): Promise<Fields> {
  const found: (readonly [string, unknown])[] = [];
  for (const path of pathsOf(modules)) {
    const exports = Object.entries(await loadModule(path, deps));
    found.push(...exports.map(([name, value]) => [`${path} ${name}`, value] as const));
  }
  return Object.fromEntries(found);
}

function pathsOf(modules: Modules): readonly string[] {
  return typeof modules === "string" ? [modules] : modules;
}

async function withControllers(modules: Modules, deps: LoadDeps): Promise<ModuleContents> {
  const contents = contentsOf(await exportsOf(modules, deps));
  if (contents.controllers.length + contents.webhooks.length > 0) return contents;
  throw new UserError(
    `${pathsOf(modules).join(", ")} exports no controller`,
    "Export what controller() has made (what a plain ControllerSpec needs is not known):\n" +
      "  export const sites = controller(Site, { ... });",
  );
}

async function placementOf(
  modules: Modules,
  { name, namespace }: PlacementFlags,
): Promise<{ readonly name: string; readonly namespace: string }> {
  const called = name ?? (await nameOfModule(pathsOf(modules)[0] ?? ""));
  return { name: called, namespace: namespace ?? called };
}

/**
 * Types of a definition: of a manifest if `source` is a file, else of the kind that the server
 * knows by that word.
 */
export async function generateTypes(
  source: string,
  connect: <T>(run: (session: Session) => Promise<T>) => Promise<T>,
): Promise<string> {
  if (source === "-" || /\.(ya?ml|json)$/i.test(source) || (await isFile(source))) {
    const manifests = await readManifests([source]);
    const found = manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
    if (found.length > 0) return resourceModule(found.map(({ object }) => object));
    throw new UserError(
      `there is no CustomResourceDefinition in ${source}`,
      "Name the manifest that defines the kind, or the kind itself to ask the server.",
    );
  }
  return resourceModule([await connect((session) => definitionFromServer(source, session))]);
}

async function definitionFromServer(word: string, session: Session): Promise<Fields> {
  const { group, resource, kind } = (await session.mapper()).resolve(word);
  const key = { namespace: "", name: `${resource}.${group}` };
  try {
    return await session.client.get(CustomResourceDefinition, key, session.context);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
    throw new UserError(
      `${kind} is not a custom resource`,
      `Kinds that are built in are there already: import { ${kind} } from "setpoint/client".`,
      { cause: error },
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** To the file, if one is named, else to standard output. */
export async function writeOutput(
  text: string,
  file: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) return terminal.write(text);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
