/** Descriptions of who is asking, what they may do, certificates, and turns at the server. */
const AUTHENTICATION = `
TokenReview: Asks whose token something is. It is not stored.

TokenReviewSpec: The question.
- audiences: Who the token should be for. By default the API server.
- token: The token.

TokenReviewStatus: The answer.
- audiences: Those of the question that the token is for.
- authenticated: Whether it is somebody's.
- error: What went wrong.
- user: Whose it is.

UserInfo: Who somebody is.
- extra: Further facts.
- groups: Groups they are in.
- uid: Tells them from others of the same name at other times.
- username: Their name.

SelfSubjectReview: Asks who the server takes the asker for. It is not stored.

SelfSubjectReviewStatus: The answer.
- userInfo: Who the asker is.

TokenRequest: Asks for a token of a service account.

TokenRequestSpec: What the token is to be.
- audiences: Who it is for. By default the API server.
- boundObjectRef: Object it is bound to: it is good for nothing when the object is gone.
- expirationSeconds: Seconds it is to be good for, at least 600. Default: 3600.

TokenRequestStatus: The token.
- expirationTimestamp: When it ends.
- token: The token itself.

BoundObjectReference: An object that a token is bound to.
- apiVersion: Its API version.
- kind: Its kind: Pod, Secret or Node.
- name: Its name.
- uid: Its UID.
`;

const AUTHORIZATION = `
SubjectAccessReview: Asks whether somebody may do something. It is not stored.
LocalSubjectAccessReview: Asks the same about one namespace. It is not stored.
SelfSubjectAccessReview: Asks whether the asker may do something. It is not stored.
SelfSubjectRulesReview: Asks for all that the asker may do in a namespace. It is not stored.

SubjectAccessReviewSpec, SelfSubjectAccessReviewSpec: The question: one of nonResourceAttributes and
  resourceAttributes.
- extra: Further facts about the user.
- groups: Groups the user is in.
- nonResourceAttributes: A request for a path.
- resourceAttributes: A request for a resource.
- uid: UID of the user.
- user: Name of the user.

ResourceAttributes: A request for a resource.
- fieldSelector: Fields by which objects are selected.
- group: API group. * is all.
- labelSelector: Labels by which objects are selected.
- name: Name of the object. Empty for all.
- namespace: Namespace of the object. Empty for all, or none.
- resource: Resource. * is all.
- subresource: Subresource, if any.
- verb: What is done, e.g. get. * is all.
- version: API version. * is all.

FieldSelectorAttributes, LabelSelectorAttributes: How objects are selected: one of these.
- rawSelector: As in the query of a request.
- requirements: One by one.

NonResourceAttributes: A request for a path.
- path: The path.
- verb: What is done, e.g. get.

SubjectAccessReviewStatus: The answer.
- allowed: Whether it is allowed.
- denied: Whether it is denied, whoever else would allow it.
- evaluationError: What went wrong. The answer may be right all the same.
- reason: Why, for people.

SelfSubjectRulesReviewSpec: The question.
- namespace: The namespace.

SubjectRulesReviewStatus: The answer.
- evaluationError: What went wrong.
- incomplete: Whether there may be more.
- nonResourceRules: Paths the asker may use.
- resourceRules: Resources the asker may use.

ResourceRule: What may be done with which resources.
- apiGroups: API groups. * is all.
- resourceNames: Names of objects. By default all.
- resources: Resources. * is all.
- verbs: What may be done. * is all.

NonResourceRule: What may be done with which paths.
- nonResourceURLs: The paths. * at the end stands for all below.
- verbs: What may be done. * is all.
`;

const CERTIFICATES = `
CertificateSigningRequest: Asks for a certificate. Somebody approves it, and a signer signs it.

CertificateSigningRequestSpec: What is asked for. It cannot be changed.
- expirationSeconds: Seconds the certificate is to be good for, at least 600. It may be fewer.
- extra: Further facts about who asks. Set by the server.
- groups: Groups of who asks. Set by the server.
- request: The request, PKCS#10 as PEM in base64.
- signerName: Who is to sign it, e.g. kubernetes.io/kube-apiserver-client.
- uid: UID of who asks. Set by the server.
- usages: What the certificate is to be used for, e.g. client auth.
- username: Who asks. Set by the server.

CertificateSigningRequestStatus: What became of it.
- certificate: The certificate and those it was signed with, as PEM in base64.
- conditions: Approved, Denied or Failed.

CertificateSigningRequestCondition: What became of a request.
- lastTransitionTime: When the status last became another one.
- lastUpdateTime: When it was last written.
- message: Details, for people.
- reason: Why, in one word.
- status: True, False or Unknown. True for Approved, Denied and Failed.
- type: Approved, Denied or Failed.
`;

const FLOW = `
FlowSchema: Says which requests wait together, and at which priority level.

FlowSchemaSpec: Which requests they are.
- distinguisherMethod: How requests are told apart, so that each gets its turn. By default not at
  all.
- matchingPrecedence: Which schema goes first if several fit: the one with the least number.
  Default: 1000.
- priorityLevelConfiguration: The priority level.
- rules: The requests. One rule that fits is enough.

FlowDistinguisherMethod: How requests are told apart.
- type: ByUser or ByNamespace.

PriorityLevelConfigurationReference: A priority level.
- name: Its name.

PolicyRulesWithSubjects: Requests: one of the subjects asks, and one of the rules fits.
- nonResourceRules: Requests for paths.
- resourceRules: Requests for resources.
- subjects: Who asks.

Subject: Who asks. The field of its kind says more.
- group: A group.
- kind: User, Group or ServiceAccount.
- serviceAccount: A service account.
- user: A user.

UserSubject, GroupSubject: Who asks.
- name: The name. * is all.

ServiceAccountSubject: A service account.
- name: Its name. * is all.
- namespace: Its namespace.

ResourcePolicyRule: Requests for resources.
- apiGroups: API groups. * is all.
- clusterScope: Whether requests for no namespace fit. Default: false.
- namespaces: Namespaces. * is all.
- resources: Resources, and subresources as RESOURCE/SUBRESOURCE. * is all.
- verbs: What is done. * is all.

NonResourcePolicyRule: Requests for paths.
- nonResourceURLs: The paths. * at the end stands for all below.
- verbs: What is done. * is all.

FlowSchemaStatus, PriorityLevelConfigurationStatus: What was last seen.
- conditions: State in several respects.

FlowSchemaCondition, PriorityLevelConfigurationCondition: One aspect of the state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.

PriorityLevelConfiguration: How many requests the server does at a time for a priority level.

PriorityLevelConfigurationSpec: How many requests. The field of its type says more.
- exempt: For Exempt.
- limited: For Limited.
- type: Exempt if requests never wait, or Limited.

LimitedPriorityLevelConfiguration: A level whose requests may have to wait.
- borrowingLimitPercent: How many seats it may borrow from others, in per cent of its own. By
  default any number.
- lendablePercent: How many seats others may borrow, in per cent of its own. Default: 0.
- limitResponse: What if there is no seat.
- nominalConcurrencyShares: Its share of all seats. Default: 30.

ExemptPriorityLevelConfiguration: A level whose requests never wait.
- lendablePercent: How many seats others may borrow, in per cent of its own. Default: 0.
- nominalConcurrencyShares: Its share of all seats. Default: 0.

LimitResponse: What if there is no seat.
- queuing: Settings for Queue.
- type: Queue to wait, or Reject.

QueuingConfiguration: How requests wait.
- handSize: In how many queues the requests of one flow may be. Default: 8.
- queueLengthLimit: How many requests may wait in a queue. Default: 50.
- queues: How many queues there are. Default: 64.
`;

export const ACCESS: Readonly<Record<string, string>> = {
  "io.k8s.api.authentication.v1": AUTHENTICATION,
  "io.k8s.api.authorization.v1": AUTHORIZATION,
  "io.k8s.api.certificates.v1": CERTIFICATES,
  "io.k8s.api.flowcontrol.v1": FLOW,
};
