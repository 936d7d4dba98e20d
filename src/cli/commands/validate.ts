/** `validate -f FILE --crds DIR`: what a server would say to manifests, without one. */
import { createValidator, type Problem, type Validator } from "../../test-kit/validator.ts";
import { readManifests, type Manifest } from "../manifests.ts";
import type { Terminal } from "../terminal.ts";
import { ExitCode } from "../user-error.ts";

export type ValidateOptions = {
  readonly files: readonly string[];
  /** Files and folders with definitions, besides those among the files. */
  readonly definitions: readonly string[];
  readonly output: "text" | "json";
};

/** What was found about one manifest. */
type Finding = Omit<Manifest, "object"> & { readonly problems: readonly Problem[] };

/** Throws `ExitCode` 1 if anything would be refused. */
export async function validate(options: ValidateOptions, terminal: Terminal): Promise<void> {
  const manifests = await readManifests(options.files);
  const folders = options.definitions;
  const given = folders.length === 0 ? [] : await readManifests(folders);
  const findings = await judge(manifests, given.filter(isDefinition));
  const refused = findings.filter(hasProblems);
  if (options.output === "json") terminal.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  else tell(findings, terminal);
  if (refused.length > 0) throw new ExitCode(1);
}

/** Definitions are objects like others, and those that are right make kinds known. */
async function judge(
  manifests: readonly Manifest[],
  given: readonly Manifest[],
): Promise<readonly Finding[]> {
  const definitions = [...given, ...manifests.filter(isDefinition)];
  await using plain = await createValidator();
  const found = await findingsOf(definitions, plain);
  const usable = definitions.filter((_, index) => !hasProblems(found[index]));
  await using validator = await createValidator({
    definitions: usable.map(({ object }) => object),
  });
  const others = manifests.filter((manifest) => !isDefinition(manifest));
  return [...found, ...(await findingsOf(others, validator))];
}

async function findingsOf(
  manifests: readonly Manifest[],
  validator: Validator,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { object, ...manifest } of manifests) {
    const { problems } = await validator.validate(object);
    findings.push({ ...manifest, problems });
  }
  return findings;
}

function isDefinition({ apiVersion, kind }: Manifest): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}

function hasProblems(finding: Finding | undefined): boolean {
  return finding !== undefined && finding.problems.length > 0;
}

function tell(findings: readonly Finding[], terminal: Terminal): void {
  for (const { source, kind, name, problems } of findings) {
    for (const { field, message } of problems) {
      const where = field === "" || field === "<nil>" ? "" : `${field}: `;
      terminal.write(`${source}: ${kind}/${name}: ${where}${message}\n`);
    }
  }
  const refused = findings.filter(hasProblems).length;
  const all = findings.length === 1 ? "1 object" : `${findings.length} objects`;
  terminal.write(`${all}: ${refused === 0 ? "all are right" : `${refused} would be refused`}\n`);
}
