// Interop runs the Go clients that most of the ecosystem is made of against a server:
// client-go, and controller-runtime on top of it. It asks KUBECONFIG which server that is,
// and says "ok NAME" or "FAIL NAME why" for each thing it tried.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const checkTimeout = 40 * time.Second

// cluster is what a check gets to work with.
type cluster struct {
	config    *rest.Config
	client    kubernetes.Interface
	namespace string
}

type check struct {
	name string
	run  func(context.Context, cluster) error
}

var checks = []check{
	{"discovery", checkDiscovery},
	{"rest-mapper", checkRESTMapper},
	{"openapi-v3", checkOpenAPI},
	{"crud", checkCRUD},
	{"conflict", checkConflict},
	{"invalid", checkInvalid},
	{"protobuf", checkProtobuf},
	{"patch-types", checkPatchTypes},
	{"selectors", checkSelectors},
	{"pagination", checkPagination},
	{"delete-collection", checkDeleteCollection},
	{"scale", checkScale},
	{"token-and-reviews", checkTokenAndReviews},
	{"apply-typed", checkApplyTyped},
	{"apply-conflict", checkApplyConflict},
	{"apply-extract", checkApplyExtract},
	{"apply-status", checkApplyStatus},
	{"watch-list-informer", checkWatchListInformer},
	{"list-watch-informer", checkListWatchInformer},
	{"protobuf-informer", checkProtobufInformer},
	{"metadata-informer", checkMetadataInformer},
	{"dynamic-informer", checkDynamicInformer},
	{"retry-watcher", checkRetryWatcher},
	{"leader-election", checkLeaderElection},
	{"event-recorders", checkEventRecorders},
	{"dynamic", checkDynamic},
	{"custom-resources", checkCustomResources},
	{"pod-log", checkPodLog},
	{"exec-websocket", checkExecWebSocket},
	{"exec-spdy", checkExecSPDY},
	{"exec-exit-code", checkExecExitCode},
	{"port-forward-websocket", checkPortForwardWebSocket},
	{"port-forward-spdy", checkPortForwardSPDY},
	{"evict", checkEvict},
	{"controller-runtime-client", checkRuntimeClient},
	{"controller-runtime-manager", checkManager},
	{"namespace-deletion", checkNamespaceDeletion},
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		fmt.Println("FAIL kubeconfig", err)
		os.Exit(1)
	}
	config.QPS, config.Burst = 200, 400
	here := cluster{config: config, client: kubernetes.NewForConfigOrDie(config)}
	failed := 0
	for _, each := range checks {
		if len(os.Args) > 1 && !strings.Contains(each.name, os.Args[1]) {
			continue
		}
		started := time.Now()
		if err := runOne(here, each); err != nil {
			failed++
			fmt.Printf("FAIL %s %v\n", each.name, err)
			continue
		}
		fmt.Printf("ok %s (%d ms)\n", each.name, time.Since(started).Milliseconds())
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// runOne gives the check a namespace of its own, which has its default service account, as
// controllers give it one a moment after.
func runOne(here cluster, each check) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "interop-go-"}}
	made, err := here.client.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("namespace: %w", err)
	}
	here.namespace = made.Name
	defer func() {
		background := metav1.DeletePropagationBackground
		options := metav1.DeleteOptions{PropagationPolicy: &background}
		late := here.client.CoreV1().Namespaces().Delete(context.Background(), made.Name, options)
		if late != nil && !apierrors.IsNotFound(late) && err == nil {
			err = fmt.Errorf("deleting the namespace: %w", late)
		}
	}()
	return each.run(ctx, here)
}
