/**
 * `setpoint/machinery`: the words every part of the system speaks. Objects and their identity,
 * selectors, quantities, conditions, refusals, and the codecs. Pure: nothing here waits, and
 * nothing here talks to a server.
 *
 * @packageDocumentation
 */

export {
  apiVersionOf,
  groupResource,
  gvkKey,
  gvrKey,
  parseApiVersion,
  type GroupVersionKind,
  type GroupVersionResource,
} from "./gvk.ts";

export { apiMicroTime, apiTime, parseApiTime } from "./api-time.ts";
export {
  isApiObject,
  isFields,
  isTerminating,
  own,
  type ApiList,
  type ApiObject,
  type Fields,
  type ListMeta,
  type ManagedFieldsEntry,
  type ObjectMeta,
  type OwnerReference,
  type Uid,
} from "./object.ts";
export { EncodedObject } from "./encoded.ts";
export { compareKeys, keyOf, keyText, parseKey, type ObjectKey } from "./key.ts";
export { equalValues, VALUE_DEPTH_MAX, withField, withoutField } from "./json-value.ts";

export {
  alreadyExists,
  badRequest,
  conflict,
  expired,
  fieldErrorText,
  forbidden,
  internalError,
  invalid,
  isStatus,
  notFound,
  serviceUnavailable,
  StatusError,
  success,
  timeout,
  tooManyRequests,
  unauthorized,
  type FieldError,
  type FieldErrorType,
  type Status,
  type StatusCause,
  type StatusDetails,
  type StatusReason,
} from "./status.ts";

export {
  EVERYTHING,
  labelQueryText,
  matchesLabels,
  queryOfLabels,
  queryOfSelector,
  selects,
  type LabelOperator,
  type LabelQuery,
  type LabelRequirement,
  type Labels,
  type LabelSelector,
} from "./labels.ts";
export { parseLabelQuery } from "./label-parser.ts";
export {
  fieldQueryText,
  matchesFields,
  parseFieldQuery,
  requiredFieldValue,
  type FieldQuery,
  type FieldRequirement,
} from "./fields.ts";
export { SelectorError } from "./selector-error.ts";

export {
  addQuantities,
  compareQuantities,
  milliValue,
  parseQuantity,
  quantityOf,
  quantityOfMilli,
  quantityText,
  subtractQuantities,
  value as wholeValue,
  ZERO_QUANTITY,
  type Quantity,
  type QuantityFormat,
} from "./quantity.ts";
export { isPercent, scaledValue } from "./int-or-string.ts";

export { findCondition, isConditionTrue, setCondition, type Condition } from "./conditions.ts";
export { controllerOf, controllerReference, isControlledBy } from "./owners.ts";
export {
  FOREGROUND_FINALIZER,
  hasFinalizer,
  ORPHAN_FINALIZER,
  withoutFinalizer,
} from "./finalizers.ts";
export {
  dns1035LabelProblem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  pathSegmentProblem,
  qualifiedNameProblem,
} from "./names.ts";

export {
  CAUSE_HEADER,
  MASTERS_GROUP,
  type ApiRequest,
  type ApiResponse,
  type Method,
  type RequestBody,
  type ResponseBody,
  type UserInfo,
} from "./request.ts";
export { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "./watch-event.ts";

export { DecodeError } from "./codec/decode-error.ts";
export {
  decodeJson,
  decodeJsonText,
  encodeJson,
  type Decoded,
  type JsonLimits,
} from "./codec/json.ts";
export { decodeYaml, decodeYamlDocuments, encodeYaml, type YamlDocument } from "./codec/yaml.ts";
