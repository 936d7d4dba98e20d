/** A new project: what it is called, and the files it begins with. */
import { pluralOf } from "../../../client/resource/plural.ts";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { UserError } from "../../user-error.ts";
import { controllerText, kindText, programText, testText } from "./code.ts";
import { installText, sampleText } from "./manifests.ts";
import {
  containerText,
  IGNORED_BY_DOCKER,
  IGNORED_BY_GIT,
  packageText,
  readmeText,
  TSCONFIG,
  type Versions,
} from "./surroundings.ts";
import { webhookTestText, webhookText } from "./webhook.ts";

/** All the names in a project. */
export type Project = {
  /** Of the package, the account, the namespace, the lease: `site-operator`. */
  readonly name: string;
  readonly group: string;
  /** `Site` */
  readonly kind: string;
  /** `sites`: of the resource and of the controller. */
  readonly plural: string;
  /** `site`: of the file with the kind, without its ending. */
  readonly file: string;
  /** Whether it has an admission webhook. */
  readonly hasWebhook: boolean;
};

/** Names that mean something else in the files of a project. */
const TAKEN: ReadonlySet<string> = new Set(["Controller", "Deployment", "Main", "ObjectOf"]);

/** Throws `UserError` for names an API server or the code would not take. */
export function projectOf(
  name: string,
  group: string,
  kindGiven: string | undefined,
  { hasWebhook = false }: { readonly hasWebhook?: boolean } = {},
): Project {
  const problem = dnsLabelProblem(name);
  if (problem !== undefined) {
    throw new UserError(`"${name}" cannot be a name: ${problem}`, "For example: site-operator");
  }
  const groupProblem = group.includes(".") ? dnsSubdomainProblem(group) : "has at least one dot";
  if (groupProblem !== undefined || /(^|\.)k(8s|ubernetes)\.io$/.test(group)) {
    const why = groupProblem ?? "belongs to Kubernetes";
    throw new UserError(`"${group}" cannot be a group: ${why}`, "Take a domain of your own.");
  }
  const kind = kindGiven ?? kindOf(name);
  if (!/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind) || TAKEN.has(kind)) {
    const why = TAKEN.has(kind) ? "is taken" : "is not in CamelCase";
    throw new UserError(
      `the kind "${kind}" ${why}`,
      "Name it with --kind, for example: --kind Site",
    );
  }
  return { name, group, kind, plural: pluralOf(kind), file: kind.toLowerCase(), hasWebhook };
}

/** `web-site-operator` is about a `WebSite`. */
function kindOf(name: string): string {
  return name
    .replace(/-?(controller|operator)$/, "")
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** Every file of the project, by its path. */
export function projectFiles(
  project: Project,
  versions: Versions,
): Readonly<Record<string, string>> {
  return {
    "package.json": packageText(project, versions),
    "tsconfig.json": TSCONFIG,
    "README.md": readmeText(project),
    Dockerfile: containerText(),
    ".dockerignore": IGNORED_BY_DOCKER,
    ".gitignore": IGNORED_BY_GIT,
    [`src/${project.file}.ts`]: kindText(project),
    "src/controller.ts": controllerText(project),
    "src/main.ts": programText(project),
    "src/controller.test.ts": testText(project),
    ...(project.hasWebhook
      ? { "src/webhook.ts": webhookText(project), "src/webhook.test.ts": webhookTestText(project) }
      : {}),
    "manifests/install.yaml": installText(project),
    "manifests/sample.yaml": sampleText(project),
  };
}
