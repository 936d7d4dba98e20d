/** What users of a deprecated version of a custom resource are told. */
import type {
  Definition,
  DefinitionVersion,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import { compareVersions } from "../discovery/version-order.ts";

export function deprecationWarnings(
  definition: Definition,
  version: DefinitionVersion,
): readonly string[] {
  if (version.deprecated !== true) return [];
  if (version.deprecationWarning !== undefined) return [version.deprecationWarning];
  const { group, names, versions } = definition.spec;
  const [better] = versions
    .filter(({ served, deprecated, name }) => {
      return served && deprecated !== true && compareVersions(name, version.name) < 0;
    })
    .map(({ name }) => name)
    .sort(compareVersions);
  const what = `${group}/${version.name} ${names.kind} is deprecated`;
  return [better === undefined ? what : `${what}; use ${group}/${better} ${names.kind}`];
}
