/** The libraries of Kubernetes 1.36, besides the standard one. */
import type { CelLibrary } from "../functions.ts";
import { AUTHORIZER_LIBRARY } from "./authorizer.ts";
import { CIDR_LIBRARY } from "./cidr-ranges.ts";
import { FORMAT_LIBRARY } from "./formats.ts";
import { IP_LIBRARY } from "./ip-addresses.ts";
import { LIST_SORTING_LIBRARY } from "./list-sorting.ts";
import { LISTS_LIBRARY } from "./lists.ts";
import { OPTIONALS_LIBRARY } from "./optionals.ts";
import { QUANTITY_LIBRARY } from "./quantities.ts";
import { REGEX_LIBRARY } from "./regex.ts";
import { SEMVER_LIBRARY } from "./semver.ts";
import { SETS_LIBRARY } from "./sets.ts";
import { STRINGS_LIBRARY } from "./strings.ts";
import { TWO_VARIABLE_LIBRARY } from "./two-variable-macros.ts";
import { URLS_LIBRARY } from "./urls.ts";

export const KUBERNETES_LIBRARIES: readonly CelLibrary[] = [
  URLS_LIBRARY,
  REGEX_LIBRARY,
  LISTS_LIBRARY,
  AUTHORIZER_LIBRARY,
  OPTIONALS_LIBRARY,
  QUANTITY_LIBRARY,
  STRINGS_LIBRARY,
  SETS_LIBRARY,
  IP_LIBRARY,
  CIDR_LIBRARY,
  FORMAT_LIBRARY,
  TWO_VARIABLE_LIBRARY,
  SEMVER_LIBRARY,
  LIST_SORTING_LIBRARY,
];
