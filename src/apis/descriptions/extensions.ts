/** Descriptions of what extends the API: custom resources, API services, webhooks, policies. */
const CUSTOM = `
CustomResourceDefinition: Adds a kind to the API. Its name is PLURAL.GROUP.

CustomResourceDefinitionSpec: The kind.
- conversion: How objects are brought from one version to another.
- group: API group of the kind.
- names: Names of the kind.
- preserveUnknownFields: Must be false. Use x-kubernetes-preserve-unknown-fields in the schema.
- scope: Namespaced or Cluster.
- versions: Its versions. Objects are stored in one of them and can be read in all.

CustomResourceDefinitionNames: Names of a kind.
- categories: Names under which it is listed together with others, e.g. all.
- kind: The kind, in singular and camel case.
- listKind: Kind of its lists. Default: the kind and List.
- plural: Plural name, in small letters, as in paths.
- shortNames: Shorter names for it.
- singular: Name in singular. Default: the kind in small letters.

CustomResourceDefinitionVersion: A version of a kind.
- additionalPrinterColumns: Columns of its tables. Default: the age.
- deprecated: Whether who uses it is warned. Default: false.
- deprecationWarning: Text of that warning.
- name: Name of the version, e.g. v1 or v1beta1.
- schema: What its objects look like.
- selectableFields: Fields by which objects can be selected, up to 8.
- served: Whether it can be used.
- storage: Whether objects are stored in it. Just one version is.
- subresources: Which subresources it has.

CustomResourceValidation: What objects look like.
- openAPIV3Schema: The schema. Fields it does not name are dropped.

CustomResourceSubresources: Subresources of a kind.
- scale: A scale, for kubectl scale and autoscalers.
- status: A status that is written apart from the rest.

CustomResourceSubresourceStatus: A status that is written apart from the rest. It has no settings.

CustomResourceSubresourceScale: Where the parts of a scale are.
- labelSelectorPath: Path of the selector in the status, in the form of a query.
- specReplicasPath: Path of the number that is wanted, below .spec.
- statusReplicasPath: Path of the number there is, below .status.

CustomResourceColumnDefinition: A column.
- description: What it shows, for people.
- format: Format of its type, e.g. int32; name for the main column.
- jsonPath: Path of what it shows, e.g. .spec.replicas.
- name: Its title.
- priority: 0 to show it always, more to show it on demand.
- type: boolean, date, integer, number or string.

SelectableField: A field by which objects can be selected.
- jsonPath: Its path, e.g. .spec.color.

CustomResourceConversion: How objects are brought from one version to another.
- strategy: None to change apiVersion only (the default), or Webhook.
- webhook: The webhook.

WebhookConversion: A webhook that converts objects.
- clientConfig: How it is reached.
- conversionReviewVersions: Forms of the question it understands. The first that is known is used.

CustomResourceDefinitionStatus: What was last seen of a definition.
- acceptedNames: Names that it has got.
- conditions: State in several respects: Established, NamesAccepted, Terminating.
- observedGeneration: Generation that this status is about.
- storedVersions: Versions in which objects may be stored.

CustomResourceDefinitionCondition: One aspect of a definition's state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- observedGeneration: Generation of the definition that this was seen of.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

ValidationRule: An expression that must be true of a value.
- fieldPath: Field that the error is about, below the value.
- message: Text of the error.
- messageExpression: Expression that makes the text.
- optionalOldSelf: Whether oldSelf is there for new values too, and then may be none.
- reason: FieldValueInvalid (the default), FieldValueForbidden, FieldValueRequired or
  FieldValueDuplicate.
- rule: The expression, in CEL. self is the value, oldSelf the one before.

ExternalDocumentation: A document.
- description: What it is about.
- url: Where it is.

JSONSchemaProps: What a value looks like.
- $ref, $schema, additionalItems, definitions, dependencies, id, patternProperties: Not allowed.
- additionalProperties: What other fields look like, or whether there may be any.
- allOf: All of these must hold.
- anyOf: One of these at least must hold.
- default: Value of a field that is missing.
- description: What it is, for people.
- enum: The values it may have.
- example: A value, as an example.
- exclusiveMaximum: Whether it must be less than the maximum.
- exclusiveMinimum: Whether it must be more than the minimum.
- externalDocs: A document about it.
- format: Format of a text or number, e.g. date-time or int64.
- items: What the items of a list look like.
- maxItems: How many items a list may have.
- maxLength: How many letters a text may have.
- maxProperties: How many fields an object may have.
- maximum: The most a number may be.
- minItems: How many items a list must have.
- minLength: How many letters a text must have.
- minProperties: How many fields an object must have.
- minimum: The least a number may be.
- multipleOf: What a number must be a multiple of.
- not: What must not hold.
- nullable: Whether it may be null.
- oneOf: Just one of these must hold.
- pattern: Regular expression that a text must match.
- properties: What the fields of an object look like.
- required: Fields that an object must have.
- title: A title for it.
- type: array, boolean, integer, number, object or string.
- uniqueItems: Must be false. Use x-kubernetes-list-type set.
- x-kubernetes-embedded-resource: Whether it is an object with apiVersion, kind and metadata.
- x-kubernetes-int-or-string: Whether it is a number or a text.
- x-kubernetes-list-map-keys: Fields that tell items of a list of type map apart.
- x-kubernetes-list-type: atomic if a list has one owner (the default), set if its items do, map if
  its items are known by keys.
- x-kubernetes-map-type: granular if fields have owners (the default), or atomic.
- x-kubernetes-preserve-unknown-fields: Whether fields that are not named are kept.
- x-kubernetes-validations: Expressions that must be true of it.

WebhookClientConfig: How a webhook is reached: by url or service.
- caBundle: Certificates that its own is checked with, as PEM in base64.
- service: A service of the cluster.
- url: Its URL, beginning with https://.

ServiceReference: A service that answers.
- name: Its name.
- namespace: Its namespace.
- path: Path of the request.
- port: Its port. Default: 443.
`;

const AGGREGATION = `
APIService: Says who serves a version of an API group. Its name is VERSION.GROUP.

APIServiceSpec: Who serves what.
- caBundle: Certificates that the server's own is checked with, as PEM in base64.
- group: The API group.
- groupPriorityMinimum: Where the group stands among others. Greater ones come first.
- insecureSkipTLSVerify: Whether the server's certificate is not checked.
- service: The service behind which the server is. If missing, this server itself.
- version: The version.
- versionPriority: Where the version stands among those of the group. Greater ones come first.

ServiceReference: A service that answers.
- name: Its name.
- namespace: Its namespace.
- port: Its port. Default: 443.

APIServiceStatus: What was last seen of a server.
- conditions: State in several respects: Available.

APIServiceCondition: One aspect of a server's state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.
`;

const ADMISSION = `
ValidatingWebhookConfiguration: Webhooks that may refuse requests.
- webhooks: The webhooks.

MutatingWebhookConfiguration: Webhooks that may change objects and refuse requests.
- webhooks: The webhooks, asked one after another.

ValidatingWebhook, MutatingWebhook: A server that is asked about requests before they are done.
- admissionReviewVersions: Forms of the question it understands. The first that is known is used.
- clientConfig: How it is reached.
- failurePolicy: What if it does not answer: Fail refuses the request (the default), Ignore goes on.
- matchConditions: Expressions that must all be true of a request, up to 64.
- matchPolicy: Exact for requests just as in the rules, Equivalent for those through other versions
  too (the default).
- name: Its name, with dots, e.g. policy.example.com.
- namespaceSelector: Selects the namespaces of the objects. By default all.
- objectSelector: Selects the objects, before or after the change. By default all.
- reinvocationPolicy: Whether it is asked again when others changed the object after it: Never (the
  default) or IfNeeded.
- rules: Requests it is asked about.
- sideEffects: What it does besides answering: None, or NoneOnDryRun.
- timeoutSeconds: Seconds it has to answer, 1 to 30. Default: 10.

RuleWithOperations, NamedRuleWithOperations: Requests for certain resources.
- apiGroups: API groups. * is all.
- apiVersions: Versions. * is all.
- operations: CREATE, UPDATE, DELETE, CONNECT or *.
- resourceNames: Names of objects. By default all.
- resources: Resources, and subresources as RESOURCE/SUBRESOURCE. * is all resources, */* both.
- scope: Cluster, Namespaced or * (the default).

MatchCondition: An expression that must be true of a request.
- expression: The expression, in CEL: of object, oldObject, request, authorizer.
- name: Its name.

WebhookClientConfig: How a webhook is reached: by url or service.
- caBundle: Certificates that its own is checked with, as PEM in base64.
- service: A service of the cluster.
- url: Its URL, beginning with https://.

ServiceReference: A service that answers.
- name: Its name.
- namespace: Its namespace.
- path: Path of the request.
- port: Its port. Default: 443.

ValidatingAdmissionPolicy: Expressions that objects must fulfil. Bindings put it to use.

ValidatingAdmissionPolicySpec: What objects must fulfil.
- auditAnnotations: What is noted about requests.
- failurePolicy: What if an expression goes wrong: Fail (the default) or Ignore.
- matchConditions: Expressions that must all be true of a request for the policy to be about it.
- matchConstraints: Requests the policy is about.
- paramKind: Kind of the objects with settings.
- validations: Expressions that must be true.
- variables: Values that expressions may use as variables.NAME.

ParamKind: A kind of objects with settings.
- apiVersion: Its API version.
- kind: Its name.

Validation: An expression that must be true.
- expression: The expression, in CEL: of object, oldObject, request, params, namespaceObject,
  authorizer and variables.
- message: Text of the error.
- messageExpression: Expression that makes the text.
- reason: Reason of the error: Unauthorized, Forbidden, Invalid (the default) or
  RequestEntityTooLarge.

Variable: A value for other expressions.
- expression: Expression that makes it, in CEL.
- name: Its name.

AuditAnnotation: What is noted about requests.
- key: Under which key.
- valueExpression: Expression that makes the text. None if it makes null.

MatchResources: Requests for certain objects.
- excludeResourceRules: Requests that are left out.
- matchPolicy: Exact for requests just as in the rules, Equivalent for those through other versions
  too (the default).
- namespaceSelector: Selects the namespaces of the objects. By default all.
- objectSelector: Selects the objects, before or after the change. By default all.
- resourceRules: Requests that are meant.

ValidatingAdmissionPolicyStatus: What was last seen of a policy.
- conditions: State in several respects.
- observedGeneration: Generation that this status is about.
- typeChecking: What seems wrong with its expressions.

TypeChecking: What seems wrong with expressions.
- expressionWarnings: Each of the warnings.

ExpressionWarning: What seems wrong with an expression.
- fieldRef: Path of its field.
- warning: What seems wrong, for people.

ValidatingAdmissionPolicyBinding, MutatingAdmissionPolicyBinding: Puts a policy to use.

ValidatingAdmissionPolicyBindingSpec, MutatingAdmissionPolicyBindingSpec: Which policy is used
  where.
- matchResources: Requests it is used for, of those the policy is about. By default all.
- paramRef: Objects with settings. With several, the policy holds for each.
- policyName: Name of the policy.
- validationActions: What is done if it is not fulfilled: Deny, Warn, Audit.

ParamRef: Objects with settings: by name or selector.
- name: Name of one.
- namespace: Their namespace. By default that of the object in question.
- parameterNotFoundAction: What if there is none: Allow or Deny.
- selector: Selects them.

MutatingAdmissionPolicy: Expressions that change objects. Bindings put it to use.

MutatingAdmissionPolicySpec: How objects are changed.
- failurePolicy: What if an expression goes wrong: Fail (the default) or Ignore.
- matchConditions: Expressions that must all be true of a request for the policy to be about it.
- matchConstraints: Requests the policy is about.
- mutations: The changes, one after another.
- paramKind: Kind of the objects with settings.
- reinvocationPolicy: Whether it is used again when others changed the object after it: Never or
  IfNeeded.
- variables: Values that expressions may use as variables.NAME.

Mutation: A change. The field of its type says more.
- applyConfiguration: Fields that are set, as in server-side apply.
- jsonPatch: Steps of a JSON patch.
- patchType: ApplyConfiguration or JSONPatch.

ApplyConfiguration, JSONPatch: A change.
- expression: Expression that makes it, in CEL.
`;

export const EXTENSIONS: Readonly<Record<string, string>> = {
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1": CUSTOM,
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1": AGGREGATION,
  "io.k8s.api.admissionregistration.v1": ADMISSION,
};
