// Generated from the published roles of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { BindingFacts, RoleFacts } from "./rbac-objects.ts";

export const CLUSTER_ROLES: readonly RoleFacts[] = [
  { name: "admin", aggregates: "rbac.authorization.k8s.io/aggregate-to-admin" },
  {
    name: "cluster-admin",
    rules: [
      { verbs: "*", groups: "*", resources: "*" },
      { verbs: "*", urls: "*" },
    ],
  },
  {
    name: "edit",
    labels: "rbac.authorization.k8s.io/aggregate-to-admin",
    aggregates: "rbac.authorization.k8s.io/aggregate-to-edit",
  },
  {
    name: "system:aggregate-to-admin",
    labels: "rbac.authorization.k8s.io/aggregate-to-admin",
    rules: [
      { verbs: "create", groups: "authorization.k8s.io", resources: "localsubjectaccessreviews" },
      {
        verbs: "create delete deletecollection get list patch update watch",
        groups: "rbac.authorization.k8s.io",
        resources: "rolebindings roles",
      },
    ],
  },
  {
    name: "system:aggregate-to-edit",
    labels: "rbac.authorization.k8s.io/aggregate-to-edit",
    rules: [
      {
        verbs: "get list watch",
        groups: "core",
        resources: "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy",
      },
      { verbs: "impersonate", groups: "core", resources: "serviceaccounts" },
      {
        verbs: "create delete deletecollection patch update",
        groups: "core",
        resources: "pods pods/attach pods/exec pods/portforward pods/proxy",
      },
      { verbs: "create", groups: "core", resources: "pods/eviction" },
      {
        verbs: "create delete deletecollection patch update",
        groups: "core",
        resources:
          "configmaps persistentvolumeclaims replicationcontrollers " +
          "replicationcontrollers/scale secrets serviceaccounts services services/proxy",
      },
      { verbs: "create", groups: "core", resources: "serviceaccounts/token" },
      {
        verbs: "create delete deletecollection patch update",
        groups: "core events.k8s.io",
        resources: "events",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "apps",
        resources:
          "daemonsets deployments deployments/rollback deployments/scale replicasets " +
          "replicasets/scale statefulsets statefulsets/scale",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "autoscaling",
        resources: "horizontalpodautoscalers",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "batch",
        resources: "cronjobs jobs",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "extensions",
        resources:
          "daemonsets deployments deployments/rollback deployments/scale ingresses " +
          "networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "policy",
        resources: "poddisruptionbudgets",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "networking.k8s.io",
        resources: "ingresses networkpolicies",
      },
      {
        verbs: "create delete deletecollection get list patch update watch",
        groups: "coordination.k8s.io",
        resources: "leases",
      },
      {
        verbs: "create delete deletecollection patch update",
        groups: "resource.k8s.io",
        resources: "resourceclaims resourceclaimtemplates",
      },
    ],
  },
  {
    name: "system:aggregate-to-view",
    labels: "rbac.authorization.k8s.io/aggregate-to-view",
    rules: [
      {
        verbs: "get list watch",
        groups: "core",
        resources:
          "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods " +
          "replicationcontrollers replicationcontrollers/scale serviceaccounts services " +
          "services/status",
      },
      {
        verbs: "get list watch",
        groups: "core",
        resources:
          "bindings limitranges namespaces/status pods/log pods/status " +
          "replicationcontrollers/status resourcequotas resourcequotas/status",
      },
      { verbs: "get list watch", groups: "core", resources: "namespaces" },
      { verbs: "get list watch", groups: "core events.k8s.io", resources: "events" },
      { verbs: "get list watch", groups: "discovery.k8s.io", resources: "endpointslices" },
      {
        verbs: "get list watch",
        groups: "apps",
        resources:
          "controllerrevisions daemonsets daemonsets/status deployments deployments/scale " +
          "deployments/status replicasets replicasets/scale replicasets/status " +
          "statefulsets statefulsets/scale statefulsets/status",
      },
      {
        verbs: "get list watch",
        groups: "autoscaling",
        resources: "horizontalpodautoscalers horizontalpodautoscalers/status",
      },
      {
        verbs: "get list watch",
        groups: "batch",
        resources: "cronjobs cronjobs/status jobs jobs/status",
      },
      {
        verbs: "get list watch",
        groups: "extensions",
        resources:
          "daemonsets daemonsets/status deployments deployments/scale deployments/status " +
          "ingresses ingresses/status networkpolicies replicasets replicasets/scale " +
          "replicasets/status replicationcontrollers/scale",
      },
      {
        verbs: "get list watch",
        groups: "policy",
        resources: "poddisruptionbudgets poddisruptionbudgets/status",
      },
      {
        verbs: "get list watch",
        groups: "networking.k8s.io",
        resources: "ingresses ingresses/status networkpolicies",
      },
      {
        verbs: "get list watch",
        groups: "resource.k8s.io",
        resources: "resourceclaims resourceclaims/status resourceclaimtemplates",
      },
    ],
  },
  {
    name: "system:auth-delegator",
    rules: [
      { verbs: "create", groups: "authentication.k8s.io", resources: "tokenreviews" },
      { verbs: "create", groups: "authorization.k8s.io", resources: "subjectaccessreviews" },
    ],
  },
  {
    name: "system:basic-user",
    rules: [
      {
        verbs: "create",
        groups: "authorization.k8s.io",
        resources: "selfsubjectaccessreviews selfsubjectrulesreviews",
      },
      { verbs: "create", groups: "authentication.k8s.io", resources: "selfsubjectreviews" },
    ],
  },
  {
    name: "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    rules: [
      {
        verbs: "create",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests/nodeclient",
      },
    ],
  },
  {
    name: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
    rules: [
      {
        verbs: "create",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests/selfnodeclient",
      },
    ],
  },
  {
    name: "system:certificates.k8s.io:kube-apiserver-client-approver",
    rules: [
      {
        verbs: "approve",
        groups: "certificates.k8s.io",
        resources: "signers",
        names: "kubernetes.io/kube-apiserver-client",
      },
    ],
  },
  {
    name: "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
    rules: [
      {
        verbs: "approve",
        groups: "certificates.k8s.io",
        resources: "signers",
        names: "kubernetes.io/kube-apiserver-client-kubelet",
      },
    ],
  },
  {
    name: "system:certificates.k8s.io:kubelet-serving-approver",
    rules: [
      {
        verbs: "approve",
        groups: "certificates.k8s.io",
        resources: "signers",
        names: "kubernetes.io/kubelet-serving",
      },
    ],
  },
  {
    name: "system:certificates.k8s.io:legacy-unknown-approver",
    rules: [
      {
        verbs: "approve",
        groups: "certificates.k8s.io",
        resources: "signers",
        names: "kubernetes.io/legacy-unknown",
      },
    ],
  },
  {
    name: "system:discovery",
    rules: [
      { verbs: "get", urls:
          "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version " +
          "/version/" },
    ],
  },
  {
    name: "system:heapster",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "events namespaces nodes pods" },
      { verbs: "get list watch", groups: "extensions", resources: "deployments" },
    ],
  },
  {
    name: "system:kube-aggregator",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "endpoints services" },
    ],
  },
  {
    name: "system:kube-controller-manager",
    rules: [
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "create", groups: "coordination.k8s.io", resources: "leases" },
      {
        verbs: "get update",
        groups: "coordination.k8s.io",
        resources: "leases",
        names: "kube-controller-manager",
      },
      { verbs: "create", groups: "core", resources: "secrets serviceaccounts" },
      { verbs: "delete", groups: "core", resources: "secrets" },
      { verbs: "get", groups: "core", resources: "configmaps namespaces secrets serviceaccounts" },
      { verbs: "update", groups: "core", resources: "secrets serviceaccounts" },
      { verbs: "create", groups: "authentication.k8s.io", resources: "tokenreviews" },
      { verbs: "create", groups: "authorization.k8s.io", resources: "subjectaccessreviews" },
      { verbs: "list watch", groups: "*", resources: "*" },
      { verbs: "create", groups: "core", resources: "serviceaccounts/token" },
    ],
  },
  {
    name: "system:kube-dns",
    rules: [
      { verbs: "list watch", groups: "core", resources: "endpoints services" },
    ],
  },
  {
    name: "system:kube-scheduler",
    rules: [
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "create", groups: "coordination.k8s.io", resources: "leases" },
      {
        verbs: "get list update watch",
        groups: "coordination.k8s.io",
        resources: "leases",
        names: "kube-scheduler",
      },
      {
        verbs: "create delete deletecollection get list patch update watch",
        groups: "coordination.k8s.io",
        resources: "leasecandidates",
      },
      { verbs: "get list watch", groups: "core", resources: "nodes" },
      { verbs: "delete get list watch", groups: "core", resources: "pods" },
      { verbs: "create", groups: "core", resources: "bindings pods/binding" },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "get list watch", groups: "core", resources: "replicationcontrollers services" },
      { verbs: "get list watch", groups: "apps extensions", resources: "replicasets" },
      { verbs: "get list watch", groups: "apps", resources: "statefulsets" },
      { verbs: "get list watch", groups: "policy", resources: "poddisruptionbudgets" },
      {
        verbs: "get list watch",
        groups: "core",
        resources: "persistentvolumeclaims persistentvolumes",
      },
      { verbs: "create", groups: "authentication.k8s.io", resources: "tokenreviews" },
      { verbs: "create", groups: "authorization.k8s.io", resources: "subjectaccessreviews" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csinodes" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "volumeattachments" },
      { verbs: "get list watch", groups: "core", resources: "namespaces" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csidrivers" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csistoragecapacities" },
      { verbs: "get list watch", groups: "resource.k8s.io", resources: "deviceclasses" },
      {
        verbs: "get list patch update watch",
        groups: "resource.k8s.io",
        resources: "resourceclaims",
      },
      {
        verbs: "get list patch update watch",
        groups: "resource.k8s.io",
        resources: "resourceclaims/status",
      },
      { verbs: "update", groups: "core", resources: "pods/finalizers" },
      { verbs: "get list watch", groups: "resource.k8s.io", resources: "resourceslices" },
      { verbs: "create delete", groups: "resource.k8s.io", resources: "resourceclaims" },
      { verbs: "patch update", groups: "resource.k8s.io", resources: "resourceclaims/binding" },
    ],
  },
  {
    name: "system:kubelet-api-admin",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "nodes" },
      { verbs: "proxy", groups: "core", resources: "nodes" },
      { verbs: "*", groups: "core", resources: "nodes/log nodes/metrics nodes/proxy nodes/stats" },
      { verbs: "*", groups: "core", resources: "nodes/configz nodes/healthz nodes/pods" },
    ],
  },
  {
    name: "system:monitoring",
    rules: [
      { verbs: "get", urls:
          "/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz " +
          "/readyz/* /statusz" },
      { verbs: "get", groups: "core", resources: "nodes/metrics" },
    ],
  },
  {
    name: "system:node",
    rules: [
      { verbs: "create", groups: "authentication.k8s.io", resources: "tokenreviews" },
      {
        verbs: "create",
        groups: "authorization.k8s.io",
        resources: "localsubjectaccessreviews subjectaccessreviews",
      },
      { verbs: "get list watch", groups: "core", resources: "services" },
      { verbs: "create get list watch", groups: "core", resources: "nodes" },
      { verbs: "patch update", groups: "core", resources: "nodes/status" },
      { verbs: "patch update", groups: "core", resources: "nodes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "get list watch", groups: "core", resources: "pods" },
      { verbs: "create delete", groups: "core", resources: "pods" },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "create", groups: "core", resources: "pods/eviction" },
      { verbs: "get list watch", groups: "core", resources: "configmaps secrets" },
      { verbs: "get", groups: "core", resources: "persistentvolumeclaims persistentvolumes" },
      { verbs: "get", groups: "core", resources: "endpoints" },
      {
        verbs: "create get list watch",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests",
      },
      {
        verbs: "create delete get patch update",
        groups: "coordination.k8s.io",
        resources: "leases",
      },
      { verbs: "get", groups: "storage.k8s.io", resources: "volumeattachments" },
      { verbs: "create", groups: "core", resources: "serviceaccounts/token" },
      { verbs: "get patch update", groups: "core", resources: "persistentvolumeclaims/status" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csidrivers" },
      { verbs: "create delete get patch update", groups: "storage.k8s.io", resources: "csinodes" },
      { verbs: "get list watch", groups: "node.k8s.io", resources: "runtimeclasses" },
      { verbs: "get", groups: "resource.k8s.io", resources: "resourceclaims" },
      { verbs: "deletecollection", groups: "resource.k8s.io", resources: "resourceslices" },
      { verbs: "get", groups: "core", resources: "serviceaccounts" },
    ],
  },
  {
    name: "system:node-bootstrapper",
    rules: [
      {
        verbs: "create get list watch",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests",
      },
    ],
  },
  {
    name: "system:node-problem-detector",
    rules: [
      { verbs: "get", groups: "core", resources: "nodes" },
      { verbs: "patch", groups: "core", resources: "nodes/status" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:node-proxier",
    rules: [
      { verbs: "list watch", groups: "core", resources: "endpoints services" },
      { verbs: "get list watch", groups: "core", resources: "nodes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "list watch", groups: "networking.k8s.io", resources: "servicecidrs" },
      { verbs: "list watch", groups: "discovery.k8s.io", resources: "endpointslices" },
    ],
  },
  {
    name: "system:persistent-volume-provisioner",
    rules: [
      { verbs: "create delete get list watch", groups: "core", resources: "persistentvolumes" },
      { verbs: "get list update watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "storageclasses" },
      { verbs: "watch", groups: "core", resources: "events" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:public-info-viewer",
    rules: [
      { verbs: "get", urls: "/healthz /livez /readyz /version /version/" },
    ],
  },
  {
    name: "system:service-account-issuer-discovery",
    rules: [
      { verbs: "get", urls:
          "/.well-known/openid-configuration /.well-known/openid-configuration/ " +
          "/openid/v1/jwks /openid/v1/jwks/" },
    ],
  },
  {
    name: "system:volume-scheduler",
    rules: [
      { verbs: "get list patch update watch", groups: "core", resources: "persistentvolumes" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "storageclasses" },
      { verbs: "get list patch update watch", groups: "core", resources: "persistentvolumeclaims" },
    ],
  },
  {
    name: "view",
    labels: "rbac.authorization.k8s.io/aggregate-to-edit",
    aggregates: "rbac.authorization.k8s.io/aggregate-to-view",
  },
  {
    name: "system:controller:attachdetach-controller",
    rules: [
      {
        verbs: "list watch",
        groups: "core",
        resources: "persistentvolumeclaims persistentvolumes",
      },
      { verbs: "get list watch", groups: "core", resources: "nodes" },
      { verbs: "patch update", groups: "core", resources: "nodes/status" },
      { verbs: "list watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      {
        verbs: "create delete get list watch",
        groups: "storage.k8s.io",
        resources: "volumeattachments",
      },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csidrivers" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csinodes" },
    ],
  },
  {
    name: "system:controller:certificate-controller",
    rules: [
      {
        verbs: "delete get list watch",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests",
      },
      {
        verbs: "update",
        groups: "certificates.k8s.io",
        resources: "certificatesigningrequests/approval certificatesigningrequests/status",
      },
      {
        verbs: "approve",
        groups: "certificates.k8s.io",
        resources: "signers",
        names: "kubernetes.io/kube-apiserver-client-kubelet",
      },
      {
        verbs: "sign",
        groups: "certificates.k8s.io",
        resources: "signers",
        names:
          "kubernetes.io/kube-apiserver-client " +
          "kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving " +
          "kubernetes.io/legacy-unknown",
      },
      { verbs: "create", groups: "authorization.k8s.io", resources: "subjectaccessreviews" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:clusterrole-aggregation-controller",
    rules: [
      {
        verbs: "escalate get list patch update watch",
        groups: "rbac.authorization.k8s.io",
        resources: "clusterroles",
      },
    ],
  },
  {
    name: "system:controller:cronjob-controller",
    rules: [
      { verbs: "get list update watch", groups: "batch", resources: "cronjobs" },
      { verbs: "create delete get list patch update watch", groups: "batch", resources: "jobs" },
      { verbs: "update", groups: "batch", resources: "cronjobs/status" },
      { verbs: "update", groups: "batch", resources: "cronjobs/finalizers" },
      { verbs: "delete list watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:daemon-set-controller",
    rules: [
      { verbs: "get list watch", groups: "apps extensions", resources: "daemonsets" },
      { verbs: "update", groups: "apps extensions", resources: "daemonsets/status" },
      { verbs: "update", groups: "apps extensions", resources: "daemonsets/finalizers" },
      { verbs: "list watch", groups: "core", resources: "nodes" },
      { verbs: "create delete list patch watch", groups: "core", resources: "pods" },
      { verbs: "create", groups: "core", resources: "pods/binding" },
      {
        verbs: "create delete get list patch update watch",
        groups: "apps",
        resources: "controllerrevisions",
      },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:deployment-controller",
    rules: [
      { verbs: "get list update watch", groups: "apps extensions", resources: "deployments" },
      { verbs: "update", groups: "apps extensions", resources: "deployments/status" },
      { verbs: "update", groups: "apps extensions", resources: "deployments/finalizers" },
      {
        verbs: "create delete get list patch update watch",
        groups: "apps extensions",
        resources: "replicasets",
      },
      { verbs: "get list update watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:device-taint-eviction-controller",
    rules: [
      { verbs: "delete get list watch", groups: "core", resources: "pods" },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "get list watch", groups: "resource.k8s.io", resources: "resourceclaims" },
      { verbs: "get list watch", groups: "resource.k8s.io", resources: "resourceslices" },
      { verbs: "get list watch", groups: "resource.k8s.io", resources: "deviceclasses" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:disruption-controller",
    rules: [
      { verbs: "get list watch", groups: "apps extensions", resources: "deployments" },
      { verbs: "get list watch", groups: "apps extensions", resources: "replicasets" },
      { verbs: "get list watch", groups: "core", resources: "replicationcontrollers" },
      { verbs: "get list watch", groups: "policy", resources: "poddisruptionbudgets" },
      { verbs: "get list watch", groups: "apps", resources: "statefulsets" },
      { verbs: "update", groups: "policy", resources: "poddisruptionbudgets/status" },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "get", groups: "*", resources: "*/scale" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:endpoint-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "pods services" },
      { verbs: "create delete get list update watch", groups: "core", resources: "endpoints" },
      { verbs: "create", groups: "core", resources: "endpoints/restricted" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:endpointslice-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "nodes pods services" },
      { verbs: "update", groups: "core", resources: "services/finalizers" },
      {
        verbs: "create delete get list update watch",
        groups: "discovery.k8s.io",
        resources: "endpointslices",
      },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:endpointslicemirroring-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "endpoints services" },
      { verbs: "update", groups: "core", resources: "services/finalizers" },
      { verbs: "update", groups: "core", resources: "endpoints/finalizers" },
      {
        verbs: "create delete get list update watch",
        groups: "discovery.k8s.io",
        resources: "endpointslices",
      },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:ephemeral-volume-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "pods" },
      { verbs: "update", groups: "core", resources: "pods/finalizers" },
      { verbs: "create get list watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:expand-controller",
    rules: [
      { verbs: "get list patch update watch", groups: "core", resources: "persistentvolumes" },
      { verbs: "patch update", groups: "core", resources: "persistentvolumeclaims/status" },
      { verbs: "get list watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:generic-garbage-collector",
    rules: [
      { verbs: "delete get list patch update watch", groups: "*", resources: "*" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:horizontal-pod-autoscaler",
    rules: [
      { verbs: "get list watch", groups: "autoscaling", resources: "horizontalpodautoscalers" },
      { verbs: "update", groups: "autoscaling", resources: "horizontalpodautoscalers/status" },
      { verbs: "get update", groups: "*", resources: "*/scale" },
      { verbs: "list watch", groups: "core", resources: "pods" },
      { verbs: "list watch", groups: "metrics.k8s.io", resources: "pods" },
      { verbs: "get list watch", groups: "custom.metrics.k8s.io", resources: "*" },
      { verbs: "get list watch", groups: "external.metrics.k8s.io", resources: "*" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:job-controller",
    rules: [
      { verbs: "get list patch update watch", groups: "batch", resources: "jobs" },
      { verbs: "update", groups: "batch", resources: "jobs/status" },
      { verbs: "update", groups: "batch", resources: "jobs/finalizers" },
      { verbs: "create delete list patch watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:legacy-service-account-token-cleaner",
    rules: [
      {
        verbs: "get",
        groups: "core",
        resources: "configmaps",
        names: "kube-apiserver-legacy-service-account-token-tracking",
      },
      { verbs: "delete patch", groups: "core", resources: "secrets" },
    ],
  },
  {
    name: "system:controller:namespace-controller",
    rules: [
      { verbs: "delete get list watch", groups: "core", resources: "namespaces" },
      { verbs: "update", groups: "core", resources: "namespaces/finalize namespaces/status" },
      { verbs: "delete deletecollection get list watch", groups: "*", resources: "*" },
    ],
  },
  {
    name: "system:controller:node-controller",
    rules: [
      { verbs: "delete get list patch update watch", groups: "core", resources: "nodes" },
      { verbs: "patch update", groups: "core", resources: "nodes/status" },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "delete get list watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:persistent-volume-binder",
    rules: [
      {
        verbs: "create delete get list update watch",
        groups: "core",
        resources: "persistentvolumes",
      },
      { verbs: "update", groups: "core", resources: "persistentvolumes/status" },
      { verbs: "get list update watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "update", groups: "core", resources: "persistentvolumeclaims/status" },
      { verbs: "create delete get list watch", groups: "core", resources: "pods" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "storageclasses" },
      { verbs: "list watch", groups: "core", resources: "nodes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "watch", groups: "core", resources: "events" },
    ],
  },
  {
    name: "system:controller:pod-garbage-collector",
    rules: [
      { verbs: "delete list watch", groups: "core", resources: "pods" },
      { verbs: "get list watch", groups: "core", resources: "nodes" },
      { verbs: "patch", groups: "core", resources: "pods/status" },
    ],
  },
  {
    name: "system:controller:pv-protection-controller",
    rules: [
      { verbs: "get list update watch", groups: "core", resources: "persistentvolumes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:pvc-protection-controller",
    rules: [
      { verbs: "get list update watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "update", groups: "core", resources: "persistentvolumeclaims/status" },
      { verbs: "get list watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:replicaset-controller",
    rules: [
      { verbs: "get list update watch", groups: "apps extensions", resources: "replicasets" },
      { verbs: "update", groups: "apps extensions", resources: "replicasets/status" },
      { verbs: "update", groups: "apps extensions", resources: "replicasets/finalizers" },
      { verbs: "create delete list patch watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:replication-controller",
    rules: [
      { verbs: "get list update watch", groups: "core", resources: "replicationcontrollers" },
      { verbs: "update", groups: "core", resources: "replicationcontrollers/status" },
      { verbs: "update", groups: "core", resources: "replicationcontrollers/finalizers" },
      { verbs: "create delete list patch watch", groups: "core", resources: "pods" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:resource-claim-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "pods" },
      { verbs: "update", groups: "core", resources: "pods/finalizers" },
      {
        verbs: "create delete get list watch",
        groups: "resource.k8s.io",
        resources: "resourceclaims",
      },
      {
        verbs: "patch update",
        groups: "resource.k8s.io",
        resources: "resourceclaims resourceclaims/status",
      },
      { verbs: "patch update", groups: "core", resources: "pods/status" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "patch update", groups: "resource.k8s.io", resources: "resourceclaims/binding" },
    ],
  },
  {
    name: "system:controller:resourcequota-controller",
    rules: [
      { verbs: "list watch", groups: "*", resources: "*" },
      { verbs: "update", groups: "core", resources: "resourcequotas/status" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:root-ca-cert-publisher",
    rules: [
      { verbs: "create update", groups: "core", resources: "configmaps" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:route-controller",
    rules: [
      { verbs: "list watch", groups: "core", resources: "nodes" },
      { verbs: "patch", groups: "core", resources: "nodes/status" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:selinux-warning-controller",
    rules: [
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
      { verbs: "get list watch", groups: "core", resources: "persistentvolumes" },
      { verbs: "get list watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "get list watch", groups: "core", resources: "pods" },
      { verbs: "get list watch", groups: "storage.k8s.io", resources: "csidrivers" },
    ],
  },
  {
    name: "system:controller:service-account-controller",
    rules: [
      { verbs: "create", groups: "core", resources: "serviceaccounts" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:service-cidrs-controller",
    rules: [
      {
        verbs: "get list patch update watch",
        groups: "networking.k8s.io",
        resources: "servicecidrs",
      },
      { verbs: "patch update", groups: "networking.k8s.io", resources: "servicecidrs/finalizers" },
      { verbs: "patch update", groups: "networking.k8s.io", resources: "servicecidrs/status" },
      { verbs: "get list watch", groups: "networking.k8s.io", resources: "ipaddresses" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:service-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "services" },
      { verbs: "patch update", groups: "core", resources: "services/status" },
      { verbs: "list watch", groups: "core", resources: "nodes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:statefulset-controller",
    rules: [
      { verbs: "list watch", groups: "core", resources: "pods" },
      { verbs: "get list watch", groups: "apps", resources: "statefulsets" },
      { verbs: "update", groups: "apps", resources: "statefulsets/status" },
      { verbs: "update", groups: "apps", resources: "statefulsets/finalizers" },
      { verbs: "create delete get patch update", groups: "core", resources: "pods" },
      {
        verbs: "create delete get list patch update watch",
        groups: "apps",
        resources: "controllerrevisions",
      },
      { verbs: "create get list watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "delete update", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "update", groups: "core", resources: "pods/finalizers" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:ttl-after-finished-controller",
    rules: [
      { verbs: "delete get list watch", groups: "batch", resources: "jobs" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:ttl-controller",
    rules: [
      { verbs: "list patch update watch", groups: "core", resources: "nodes" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:validatingadmissionpolicy-status-controller",
    rules: [
      {
        verbs: "get list watch",
        groups: "admissionregistration.k8s.io",
        resources: "validatingadmissionpolicies",
      },
      {
        verbs: "get patch update",
        groups: "admissionregistration.k8s.io",
        resources: "validatingadmissionpolicies/status",
      },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    name: "system:controller:volumeattributesclass-protection-controller",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "persistentvolumeclaims" },
      { verbs: "get list watch", groups: "core", resources: "persistentvolumes" },
      {
        verbs: "get list update watch",
        groups: "storage.k8s.io",
        resources: "volumeattributesclasses",
      },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
];

export const CLUSTER_ROLE_BINDINGS: readonly BindingFacts[] = [
  { name: "cluster-admin", subjects: ["Group system:masters"] },
  { name: "system:basic-user", subjects: ["Group system:authenticated"] },
  { name: "system:discovery", subjects: ["Group system:authenticated"] },
  { name: "system:kube-controller-manager", subjects: ["User system:kube-controller-manager"] },
  { name: "system:kube-dns", subjects: ["ServiceAccount kube-system/kube-dns"] },
  { name: "system:kube-scheduler", subjects: ["User system:kube-scheduler"] },
  { name: "system:monitoring", subjects: ["Group system:monitoring"] },
  { name: "system:node", subjects: [] },
  { name: "system:node-proxier", subjects: ["User system:kube-proxy"] },
  {
    name: "system:public-info-viewer",
    subjects: ["Group system:authenticated", "Group system:unauthenticated"],
  },
  { name: "system:service-account-issuer-discovery", subjects: ["Group system:serviceaccounts"] },
  { name: "system:volume-scheduler", subjects: ["User system:kube-scheduler"] },
  {
    name: "system:controller:attachdetach-controller",
    subjects: ["ServiceAccount kube-system/attachdetach-controller"],
  },
  {
    name: "system:controller:certificate-controller",
    subjects: ["ServiceAccount kube-system/certificate-controller"],
  },
  {
    name: "system:controller:clusterrole-aggregation-controller",
    subjects: ["ServiceAccount kube-system/clusterrole-aggregation-controller"],
  },
  {
    name: "system:controller:cronjob-controller",
    subjects: ["ServiceAccount kube-system/cronjob-controller"],
  },
  {
    name: "system:controller:daemon-set-controller",
    subjects: ["ServiceAccount kube-system/daemon-set-controller"],
  },
  {
    name: "system:controller:deployment-controller",
    subjects: ["ServiceAccount kube-system/deployment-controller"],
  },
  {
    name: "system:controller:device-taint-eviction-controller",
    subjects: ["ServiceAccount kube-system/device-taint-eviction-controller"],
  },
  {
    name: "system:controller:disruption-controller",
    subjects: ["ServiceAccount kube-system/disruption-controller"],
  },
  {
    name: "system:controller:endpoint-controller",
    subjects: ["ServiceAccount kube-system/endpoint-controller"],
  },
  {
    name: "system:controller:endpointslice-controller",
    subjects: ["ServiceAccount kube-system/endpointslice-controller"],
  },
  {
    name: "system:controller:endpointslicemirroring-controller",
    subjects: ["ServiceAccount kube-system/endpointslicemirroring-controller"],
  },
  {
    name: "system:controller:ephemeral-volume-controller",
    subjects: ["ServiceAccount kube-system/ephemeral-volume-controller"],
  },
  {
    name: "system:controller:expand-controller",
    subjects: ["ServiceAccount kube-system/expand-controller"],
  },
  {
    name: "system:controller:generic-garbage-collector",
    subjects: ["ServiceAccount kube-system/generic-garbage-collector"],
  },
  {
    name: "system:controller:horizontal-pod-autoscaler",
    subjects: ["ServiceAccount kube-system/horizontal-pod-autoscaler"],
  },
  {
    name: "system:controller:job-controller",
    subjects: ["ServiceAccount kube-system/job-controller"],
  },
  {
    name: "system:controller:legacy-service-account-token-cleaner",
    subjects: ["ServiceAccount kube-system/legacy-service-account-token-cleaner"],
  },
  {
    name: "system:controller:namespace-controller",
    subjects: ["ServiceAccount kube-system/namespace-controller"],
  },
  {
    name: "system:controller:node-controller",
    subjects: ["ServiceAccount kube-system/node-controller"],
  },
  {
    name: "system:controller:persistent-volume-binder",
    subjects: ["ServiceAccount kube-system/persistent-volume-binder"],
  },
  {
    name: "system:controller:pod-garbage-collector",
    subjects: ["ServiceAccount kube-system/pod-garbage-collector"],
  },
  {
    name: "system:controller:pv-protection-controller",
    subjects: ["ServiceAccount kube-system/pv-protection-controller"],
  },
  {
    name: "system:controller:pvc-protection-controller",
    subjects: ["ServiceAccount kube-system/pvc-protection-controller"],
  },
  {
    name: "system:controller:replicaset-controller",
    subjects: ["ServiceAccount kube-system/replicaset-controller"],
  },
  {
    name: "system:controller:replication-controller",
    subjects: ["ServiceAccount kube-system/replication-controller"],
  },
  {
    name: "system:controller:resource-claim-controller",
    subjects: ["ServiceAccount kube-system/resource-claim-controller"],
  },
  {
    name: "system:controller:resourcequota-controller",
    subjects: ["ServiceAccount kube-system/resourcequota-controller"],
  },
  {
    name: "system:controller:root-ca-cert-publisher",
    subjects: ["ServiceAccount kube-system/root-ca-cert-publisher"],
  },
  {
    name: "system:controller:route-controller",
    subjects: ["ServiceAccount kube-system/route-controller"],
  },
  {
    name: "system:controller:selinux-warning-controller",
    subjects: ["ServiceAccount kube-system/selinux-warning-controller"],
  },
  {
    name: "system:controller:service-account-controller",
    subjects: ["ServiceAccount kube-system/service-account-controller"],
  },
  {
    name: "system:controller:service-cidrs-controller",
    subjects: ["ServiceAccount kube-system/service-cidrs-controller"],
  },
  {
    name: "system:controller:service-controller",
    subjects: ["ServiceAccount kube-system/service-controller"],
  },
  {
    name: "system:controller:statefulset-controller",
    subjects: ["ServiceAccount kube-system/statefulset-controller"],
  },
  {
    name: "system:controller:ttl-after-finished-controller",
    subjects: ["ServiceAccount kube-system/ttl-after-finished-controller"],
  },
  {
    name: "system:controller:ttl-controller",
    subjects: ["ServiceAccount kube-system/ttl-controller"],
  },
  {
    name: "system:controller:validatingadmissionpolicy-status-controller",
    subjects: ["ServiceAccount kube-system/validatingadmissionpolicy-status-controller"],
  },
  {
    name: "system:controller:volumeattributesclass-protection-controller",
    subjects: ["ServiceAccount kube-system/volumeattributesclass-protection-controller"],
  },
];

export const ROLES: readonly RoleFacts[] = [
  {
    namespace: "kube-public",
    name: "system:controller:bootstrap-signer",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "configmaps" },
      { verbs: "update", groups: "core", resources: "configmaps", names: "cluster-info" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
  {
    namespace: "kube-system",
    name: "extension-apiserver-authentication-reader",
    rules: [
      {
        verbs: "get list watch",
        groups: "core",
        resources: "configmaps",
        names: "extension-apiserver-authentication",
      },
    ],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-controller-manager",
    rules: [
      { verbs: "create get list update watch", groups: "coordination.k8s.io", resources: "leases" },
      {
        verbs: "create get list update watch",
        groups: "coordination.k8s.io",
        resources: "leasecandidates",
      },
    ],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-scheduler",
    rules: [
      { verbs: "create get list update watch", groups: "coordination.k8s.io", resources: "leases" },
      {
        verbs: "create get list update watch",
        groups: "coordination.k8s.io",
        resources: "leasecandidates",
      },
    ],
  },
  {
    namespace: "kube-system",
    name: "system:controller:bootstrap-signer",
    rules: [
      { verbs: "get list watch", groups: "core", resources: "secrets" },
    ],
  },
  {
    namespace: "kube-system",
    name: "system:controller:cloud-provider",
    rules: [
      { verbs: "create get list watch", groups: "core", resources: "configmaps" },
    ],
  },
  {
    namespace: "kube-system",
    name: "system:controller:token-cleaner",
    rules: [
      { verbs: "delete get list watch", groups: "core", resources: "secrets" },
      { verbs: "create patch update", groups: "core events.k8s.io", resources: "events" },
    ],
  },
];

export const ROLE_BINDINGS: readonly BindingFacts[] = [
  {
    namespace: "kube-public",
    name: "system:controller:bootstrap-signer",
    subjects: ["ServiceAccount kube-system/bootstrap-signer"],
  },
  {
    namespace: "kube-system",
    name: "system::extension-apiserver-authentication-reader",
    role: "extension-apiserver-authentication-reader",
    subjects: ["User system:kube-controller-manager", "User system:kube-scheduler"],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-controller-manager",
    subjects: [
      "User system:kube-controller-manager",
      "ServiceAccount kube-system/kube-controller-manager",
      "ServiceAccount kube-system/leader-election-controller",
    ],
  },
  {
    namespace: "kube-system",
    name: "system::leader-locking-kube-scheduler",
    subjects: ["User system:kube-scheduler", "ServiceAccount kube-system/kube-scheduler"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:bootstrap-signer",
    subjects: ["ServiceAccount kube-system/bootstrap-signer"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:cloud-provider",
    subjects: ["ServiceAccount kube-system/cloud-provider"],
  },
  {
    namespace: "kube-system",
    name: "system:controller:token-cleaner",
    subjects: ["ServiceAccount kube-system/token-cleaner"],
  },
];
