package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

const (
	managedGroup = "managed.interop.test"
	finalizer    = managedGroup + "/farewell"
)

func checkRuntimeClient(ctx context.Context, here cluster) error {
	direct, err := client.New(here.config, client.Options{})
	if err != nil {
		return err
	}
	one := configMap("one", map[string]string{"a": "1"})
	one.Namespace = here.namespace
	if err := direct.Create(ctx, one); err != nil {
		return err
	}
	patch := client.MergeFromWithOptions(one.DeepCopy(), client.MergeFromWithOptimisticLock{})
	one.Data["b"] = "2"
	if err := direct.Patch(ctx, one, patch); err != nil {
		return err
	}
	result, err := controllerutil.CreateOrUpdate(ctx, direct, one, func() error {
		one.Data["a"] = "3"
		return nil
	})
	if err != nil {
		return err
	}
	var list corev1.ConfigMapList
	err = direct.List(ctx, &list, client.InNamespace(here.namespace), client.Limit(1))
	if err != nil {
		return err
	}
	stale := client.Preconditions{ResourceVersion: &[]string{"1"}[0]}
	return first(
		expect("result", result, controllerutil.OperationResultUpdated),
		expect("data", one.Data, map[string]string{"a": "3", "b": "2"}),
		expect("one of a page", len(list.Items), 1),
		expect("stale delete", apierrors.IsConflict(direct.Delete(ctx, one, stale)), true),
		direct.DeleteAllOf(ctx, one, client.InNamespace(here.namespace)),
	)
}

func widget() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(schema.GroupVersionKind{
		Group: managedGroup, Version: "v1", Kind: "Widget",
	})
	return object
}

// widgetKeeper keeps a ConfigMap for each widget, and says goodbye before it goes.
type widgetKeeper struct {
	client.Client
	farewells chan string
}

func (keeper *widgetKeeper) Reconcile(ctx context.Context, request reconcile.Request) (ctrl.Result, error) {
	object := widget()
	if err := keeper.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !object.GetDeletionTimestamp().IsZero() {
		if controllerutil.RemoveFinalizer(object, finalizer) {
			keeper.farewells <- request.Name
			return ctrl.Result{}, keeper.Update(ctx, object)
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(object, finalizer) {
		return ctrl.Result{}, keeper.Update(ctx, object)
	}
	size, _, err := unstructured.NestedInt64(object.Object, "spec", "size")
	if err != nil {
		return ctrl.Result{}, err
	}
	owned := configMap(request.Name, nil)
	owned.Namespace = request.Namespace
	if _, err := controllerutil.CreateOrUpdate(ctx, keeper.Client, owned, func() error {
		owned.Data = map[string]string{"size": fmt.Sprint(size)}
		return controllerutil.SetControllerReference(object, owned, keeper.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	before := object.DeepCopy()
	if err := unstructured.SetNestedField(object.Object, size, "status", "size"); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, keeper.Status().Patch(ctx, object, client.MergeFrom(before))
}

func checkManager(ctx context.Context, here cluster) error {
	ctrl.SetLogger(klog.Background())
	return withWidgets(ctx, here, managedGroup, func() error {
		second := time.Second
		manager, err := ctrl.NewManager(here.config, ctrl.Options{
			Metrics:                       server.Options{BindAddress: "0"},
			Cache:                         cache.Options{DefaultNamespaces: map[string]cache.Config{here.namespace: {}}},
			LeaderElection:                true,
			LeaderElectionID:              "keeper",
			LeaderElectionNamespace:       here.namespace,
			LeaderElectionReleaseOnCancel: true,
			GracefulShutdownTimeout:       &second,
		})
		if err != nil {
			return err
		}
		keeper := &widgetKeeper{manager.GetClient(), make(chan string, 10)}
		err = ctrl.NewControllerManagedBy(manager).Named("widgets-" + here.namespace).
			For(widget()).Owns(&corev1.ConfigMap{}).Complete(keeper)
		if err != nil {
			return err
		}
		running, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- manager.Start(running) }()
		err = keepsWidgets(ctx, here, manager.GetAPIReader(), manager.GetClient(), keeper.farewells)
		stop()
		return first(err, <-ended)
	})
}

func keepsWidgets(
	ctx context.Context, here cluster, reader client.Reader, writer client.Client, farewells chan string,
) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	key := client.ObjectKey{Namespace: here.namespace, Name: "one"}
	object := widget()
	object.SetNamespace(key.Namespace)
	object.SetName(key.Name)
	object.Object["spec"] = map[string]any{"size": int64(2)}
	if err := writer.Create(ctx, object); err != nil {
		return err
	}
	sized := func(size string) func() (bool, error) {
		return func() (bool, error) {
			read, err := maps.Get(ctx, key.Name, metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return false, nil
			}
			return err == nil && read.Data["size"] == size, err
		}
	}
	if err := eventually(ctx, "the ConfigMap is there", sized("2")); err != nil {
		return err
	}
	if err := maps.Delete(ctx, key.Name, metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := eventually(ctx, "the ConfigMap is there again", sized("2")); err != nil {
		return err
	}
	change := client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"size":4}}`))
	if err := writer.Patch(ctx, object, change); err != nil {
		return err
	}
	if err := eventually(ctx, "the ConfigMap follows", sized("4")); err != nil {
		return err
	}
	err := eventually(ctx, "the status follows", func() (bool, error) {
		read := widget()
		if err := reader.Get(ctx, key, read); err != nil {
			return false, err
		}
		size, _, err := unstructured.NestedInt64(read.Object, "status", "size")
		return size == 4, err
	})
	if err != nil {
		return err
	}
	if err := writer.Delete(ctx, object); err != nil {
		return err
	}
	select {
	case name := <-farewells:
		if err := expect("farewell", name, "one"); err != nil {
			return err
		}
	case <-ctx.Done():
		return fmt.Errorf("no farewell")
	}
	return eventually(ctx, "the ConfigMap is collected", func() (bool, error) {
		_, err := maps.Get(ctx, key.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}
