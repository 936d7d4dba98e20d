/**
 * What expressions of policies and webhooks can name: the request and its objects, and, where they
 * are declared, parameters, the authorizer and the policy's own variables. Whoever evaluates an
 * expression compiles it in the same environment in which it was checked.
 */
import { declareEnvironment, type CelEnvironment } from "../../../cel/environment.ts";
import { AUTHORIZER, RESOURCE_CHECK } from "../../../cel/library/authorizer.ts";
import { KUBERNETES_LIBRARIES } from "../../../cel/library/kubernetes.ts";
import { MUTATION_LIBRARY, mutationTypeOf } from "../../../cel/library/mutation.ts";
import {
  BOOL,
  DYN,
  INT,
  listOf,
  mapOf,
  objectType,
  STRING,
  TIMESTAMP,
  type CelObjectType,
  type CelType,
} from "../../../cel/types.ts";

/** What an expression can name besides the request and its objects. */
export type Declared = {
  /** `params` */
  readonly hasParams: boolean;
  /** `authorizer` and `authorizer.requestResource` */
  readonly hasAuthorizer: boolean;
  /** `Object{…}`, `JSONPatch{…}` and `jsonpatch.escapeKey()` */
  readonly hasPatchTypes?: boolean;
};

const TEXTS = listOf(STRING);
const TEXT_MAP = mapOf(STRING, STRING);

const GROUP_VERSION_KIND = objectType("kubernetes.GroupVersionKind", {
  group: STRING,
  version: STRING,
  kind: STRING,
});

const GROUP_VERSION_RESOURCE = objectType("kubernetes.GroupVersionResource", {
  group: STRING,
  version: STRING,
  resource: STRING,
});

const USER_INFO = objectType("kubernetes.UserInfo", {
  username: STRING,
  uid: STRING,
  groups: TEXTS,
  extra: mapOf(STRING, TEXTS),
});

/** The variable `request`: an admission request without its objects and its uid. */
const REQUEST: CelObjectType = objectType("kubernetes.AdmissionRequest", {
  kind: GROUP_VERSION_KIND,
  resource: GROUP_VERSION_RESOURCE,
  subResource: STRING,
  requestKind: GROUP_VERSION_KIND,
  requestResource: GROUP_VERSION_RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: USER_INFO,
  dryRun: BOOL,
  options: DYN,
});

/** The variable `namespaceObject`: what a namespace says of itself, not who wrote it. */
const NAMESPACE: CelObjectType = objectType("kubernetes.Namespace", {
  metadata: objectType("kubernetes.NamespaceMetadata", {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: TEXT_MAP,
    annotations: TEXT_MAP,
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: TEXTS,
  }),
  spec: objectType("kubernetes.NamespaceSpec", { finalizers: TEXTS }),
  status: objectType("kubernetes.NamespaceStatus", {
    conditions: listOf(
      objectType("kubernetes.NamespaceCondition", {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
    phase: STRING,
  }),
});

/** Made once each: there are few, and every one knows hundreds of functions. */
const environments = new Map<string, CelEnvironment>();

/** The environment of expressions that can name these. */
export function policyEnvironment(declared: Declared): CelEnvironment {
  const { hasParams, hasAuthorizer, hasPatchTypes = false } = declared;
  const key = [hasParams, hasAuthorizer, hasPatchTypes].join();
  const known = environments.get(key);
  if (known !== undefined) return known;
  const environment = declareEnvironment({
    variables: {
      object: DYN,
      oldObject: DYN,
      namespaceObject: NAMESPACE,
      request: REQUEST,
      ...(hasParams ? { params: DYN } : {}),
      ...(hasAuthorizer
        ? { authorizer: AUTHORIZER, "authorizer.requestResource": RESOURCE_CHECK }
        : {}),
    },
    ...(hasPatchTypes
      ? {
          libraries: [...KUBERNETES_LIBRARIES, MUTATION_LIBRARY],
          objectTypeOf: mutationTypeOf,
        }
      : {}),
  });
  environments.set(key, environment);
  return environment;
}

/** The same environment with the variables of a policy, by their types: `variables.name`. */
export function withVariables(
  environment: CelEnvironment,
  types: ReadonlyMap<string, CelType>,
): CelEnvironment {
  const name = "kubernetes.variables";
  const variables: CelObjectType = { kind: "object", name, fields: types, shape: {} };
  return {
    ...environment,
    variables: new Map([...environment.variables, ["variables", variables]]),
  };
}
