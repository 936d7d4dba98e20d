/** Claims of devices as upstream's own code holds them: facts, not code. */
import type { GoStruct, GoStructs } from "../../go-struct.ts";

const ASKED = "Selectors []Selector,AllocationMode,Count int";

const structs: GoStructs = {
  ClaimSpec: "Devices DeviceClaim",
  ClaimTemplateSpec: "Metadata ~ObjectMeta,Spec ClaimSpec",
  ObjectMeta: "name any,generateName any,labels any,annotations any,finalizers any",
  DeviceClaim: "Requests []Request,Constraints []Constraint,Config []Configuration",
  Request: "Name,Exactly *ExactRequest,FirstAvailable []SubRequest",
  ExactRequest: `DeviceClassName,${ASKED},AdminAccess *,Tolerations []Toleration,Capacity *Capacity`,
  SubRequest: `Name,DeviceClassName,${ASKED},Tolerations []Toleration,Capacity *Capacity`,
  Selector: "CEL *Expression",
  Expression: "Expression",
  Toleration: "Key,Operator,Value,Effect,TolerationSeconds *",
  Capacity: "Requests any",
  Constraint: "Requests []any,MatchAttribute *,DistinctAttribute *",
  Configuration: "Requests []any,Opaque *Opaque",
  Opaque: "Driver,Parameters any",
  Allocation: "Devices AllocatedDevices,NodeSelector *NodeSelector,AllocationTimestamp *",
  AllocatedDevices: "Results []Result,Config []AllocatedConfiguration",
  Result:
    "Request,Driver,Pool,Device,AdminAccess *,Tolerations []Toleration,BindingConditions []any," +
    "BindingFailureConditions []any,ShareID *,ConsumedCapacity any",
  AllocatedConfiguration: "Source,Requests []any,Opaque *Opaque",
  NodeSelector: "NodeSelectorTerms []Term",
  Term: "MatchExpressions []Requirement,MatchFields []Requirement",
  Requirement: "Key,Operator,Values []any",
  Attribute:
    "IntValue=int any,BoolValue=bool any,StringValue=string any,VersionValue=version any," +
    "IntValues=ints any,BoolValues=bools any,StringValues=strings any,VersionValues=versions any",
};

export const claimSpecStruct: GoStruct = { structs, name: "ClaimSpec" };
export const claimTemplateSpecStruct: GoStruct = { structs, name: "ClaimTemplateSpec" };
export const allocationStruct: GoStruct = { structs, name: "Allocation" };
export const termStruct: GoStruct = { structs, name: "Term" };
export const attributeStruct: GoStruct = { structs, name: "Attribute" };
