/** From a request to what `registry/write` needs to know. */
import type { Strategy } from "../../apis/strategy.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";
import type { Modification, WriteTarget } from "../registry/write.ts";
import type { ExpectedKind } from "./body.ts";
import type { ObjectRequest } from "./request.ts";
import type { WriteOptions } from "./write-options.ts";

/** What the body of a write to the resource must be. */
export function expectedKind(resource: Resource): ExpectedKind {
  const { group, version, kind, strategy, custom } = resource;
  const expected = { group, version, kind, schema: strategy.schema };
  return custom === undefined ? expected : { ...expected, custom };
}

export function writeTarget(
  request: ObjectRequest,
  options: Pick<WriteOptions, "isDryRun" | "manager"> & Partial<Pick<WriteOptions, "sent">>,
  verb: string,
): WriteTarget {
  const { info, resource, user, warn } = request;
  const { namespace, name, subresource } = info;
  return {
    resource,
    subresource,
    namespace,
    name: info.isNamed ? name : "",
    user,
    manager: options.manager,
    verb: subresource === "" ? verb : `${verb}/${subresource}`,
    isDryRun: options.isDryRun,
    ...(options.sent === undefined ? {} : { options: options.sent }),
    ...(warn === undefined ? {} : { warn }),
  };
}

/** What PUT and PATCH of this endpoint may change. */
export function partOf(
  resource: Resource,
  subresource: string,
): Pick<
  Modification,
  "prepare" | "validate" | "longValidation" | "warnings" | "hasDefaults" | "countsGeneration"
> {
  const { strategy } = resource;
  const other = strategy.otherSubresources?.find((each) => each.name === subresource);
  const part = subresource === "status" ? strategy.status : other?.strategy;
  if (part !== undefined) {
    return {
      prepare: part.prepareForUpdate,
      validate: part.validateUpdate,
      ...(part.longValidation === undefined ? {} : { longValidation: part.longValidation }),
      hasDefaults: true,
      countsGeneration: part.isCounted ?? false,
    };
  }
  return {
    prepare: strategy.prepareForUpdate,
    validate: (next, old) => [
      ...strategy.validate(next, old),
      ...strategy.validateUpdate(next, old),
    ],
    ...(strategy.longValidation === undefined ? {} : { longValidation: updateCheck(strategy) }),
    ...(strategy.warnings === undefined ? {} : { warnings: strategy.warnings }),
    hasDefaults: true,
    countsGeneration: true,
  };
}

function updateCheck({
  longValidation,
  validateUpdate,
}: Strategy): NonNullable<Modification["longValidation"]> {
  return function* check(next, old, warn) {
    const found = longValidation === undefined ? [] : yield* longValidation(next, old, warn);
    return [...found, ...validateUpdate(next, old)];
  };
}

/** Name and namespace in the body of a write to a named object must be those of the URL. */
export function checkName(object: ApiObject, request: ObjectRequest): void {
  const { name: urlName, namespace: urlNamespace } = request.info;
  const { name = "", namespace = "" } = object.metadata;
  if (name === "") {
    throw badRequest(
      `the name of the object (${urlName} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== urlName) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${urlName})`,
    );
  }
  if (request.resource.isNamespaced && namespace !== "" && namespace !== urlNamespace) {
    throw badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request ` +
        `(${urlNamespace})`,
    );
  }
}
