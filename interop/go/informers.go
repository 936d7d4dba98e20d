package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

var configMaps = corev1.SchemeGroupVersion.WithResource("configmaps")

// requests remembers what a client asked for.
type requests struct {
	mutex sync.Mutex
	urls  []string
}

func (seen *requests) in(config *rest.Config) *rest.Config {
	watched := rest.CopyConfig(config)
	watched.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			seen.mutex.Lock()
			seen.urls = append(seen.urls, request.URL.String())
			seen.mutex.Unlock()
			return next.RoundTrip(request)
		})
	})
	return watched
}

func (seen *requests) streamed() bool {
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	for _, url := range seen.urls {
		if !strings.Contains(url, "watch=true") {
			return false
		}
	}
	return len(seen.urls) > 0 && strings.Contains(seen.urls[0], "sendInitialEvents=true")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (each roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	return each(request)
}

// follows lets an informer see objects that were there before it, and what happens after.
func follows(ctx context.Context, here cluster, informer cache.SharedIndexInformer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	for _, name := range []string{"before", "doomed"} {
		if _, err := maps.Create(ctx, configMap(name, nil), metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	var mutex sync.Mutex
	log := map[string]bool{}
	note := func(what string, object any) {
		key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
		if err != nil {
			key = err.Error()
		}
		mutex.Lock()
		defer mutex.Unlock()
		log[what+" "+strings.TrimPrefix(key, here.namespace+"/")] = true
	}
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { note("added", object) },
		UpdateFunc: func(_, object any) { note("changed", object) },
		DeleteFunc: func(object any) { note("deleted", object) },
	})
	if err != nil {
		return err
	}
	go informer.RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return fmt.Errorf("never synced")
	}
	if _, there, _ := informer.GetStore().GetByKey(here.namespace + "/before"); !there {
		return fmt.Errorf("synced without what was there")
	}
	if _, err := maps.Create(ctx, configMap("after", map[string]string{"a": "1"}), metav1.CreateOptions{}); err != nil {
		return err
	}
	labelled := configMap("before", nil)
	labelled.Labels = map[string]string{"a": "b"}
	if _, err := maps.Update(ctx, labelled, metav1.UpdateOptions{}); err != nil {
		return err
	}
	if err := maps.Delete(ctx, "doomed", metav1.DeleteOptions{}); err != nil {
		return err
	}
	for _, what := range []string{"added before", "added after", "changed before", "deleted doomed"} {
		err := eventually(ctx, what, func() (bool, error) {
			mutex.Lock()
			defer mutex.Unlock()
			return log[what], nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func configMapInformer(config *rest.Config, namespace string) cache.SharedIndexInformer {
	scope := informers.WithNamespace(namespace)
	client := kubernetes.NewForConfigOrDie(config)
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, scope)
	return factory.Core().V1().ConfigMaps().Informer()
}

func checkWatchListInformer(ctx context.Context, here cluster) error {
	seen := &requests{}
	informer := configMapInformer(seen.in(here.config), here.namespace)
	err := follows(ctx, here, informer)
	return first(err, expect("asked for a streamed list only", seen.streamed(), true))
}

// listsFirst is a source of objects that a reflector does not stream the list from.
type listsFirst struct{ *cache.ListWatch }

func (listsFirst) IsWatchListSemanticsUnSupported() bool { return true }

func checkListWatchInformer(ctx context.Context, here cluster) error {
	seen := &requests{}
	client := kubernetes.NewForConfigOrDie(seen.in(here.config))
	source := cache.NewFilteredListWatchFromClient(
		client.CoreV1().RESTClient(), "configmaps", here.namespace, func(*metav1.ListOptions) {})
	informer := cache.NewSharedIndexInformer(
		listsFirst{source}, &corev1.ConfigMap{}, 0, cache.Indexers{})
	err := follows(ctx, here, informer)
	return first(err, expect("asked for a streamed list", seen.streamed(), false))
}

func checkProtobufInformer(ctx context.Context, here cluster) error {
	seen := &requests{}
	informer := configMapInformer(seen.in(protobufConfig(here.config)), here.namespace)
	err := follows(ctx, here, informer)
	return first(err, expect("asked for a streamed list only", seen.streamed(), true))
}

func checkMetadataInformer(ctx context.Context, here cluster) error {
	client := metadata.NewForConfigOrDie(here.config)
	factory := metadatainformer.NewFilteredSharedInformerFactory(client, 0, here.namespace, nil)
	informer := factory.ForResource(configMaps).Informer()
	if err := follows(ctx, here, informer); err != nil {
		return err
	}
	object, _, err := informer.GetStore().GetByKey(here.namespace + "/after")
	if err != nil {
		return err
	}
	partial, ok := object.(*metav1.PartialObjectMetadata)
	if !ok {
		return fmt.Errorf("kept a %T", object)
	}
	kept := partial.UID != "" && len(partial.ManagedFields) > 0
	if err := expect("metadata", kept, true); err != nil {
		return err
	}
	list, err := client.Resource(configMaps).Namespace(here.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	return expect("has a version", list.ResourceVersion != "" && len(list.Items) >= 2, true)
}

func checkDynamicInformer(ctx context.Context, here cluster) error {
	client := dynamic.NewForConfigOrDie(here.config)
	factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(client, 0, here.namespace, nil)
	return follows(ctx, here, factory.ForResource(configMaps).Informer())
}

// checkRetryWatcher lets watches end early, so that each goes on from the last bookmark or event.
func checkRetryWatcher(ctx context.Context, here cluster) error {
	maps := here.client.CoreV1().ConfigMaps(here.namespace)
	list, err := maps.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	started := 0
	source := &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			started++
			second := int64(1)
			options.TimeoutSeconds = &second
			return maps.Watch(ctx, options)
		},
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			return maps.List(ctx, options)
		},
	}
	watcher, err := watchtools.NewRetryWatcherWithContext(ctx, list.ResourceVersion, source)
	if err != nil {
		return err
	}
	defer watcher.Stop()
	for index := range 3 {
		name := fmt.Sprintf("each-%d", index)
		if _, err := maps.Create(ctx, configMap(name, nil), metav1.CreateOptions{}); err != nil {
			return err
		}
		for {
			event, open := <-watcher.ResultChan()
			if !open {
				return fmt.Errorf("ended before %s", name)
			}
			if made, ok := event.Object.(*corev1.ConfigMap); ok && made.Name == name {
				break
			}
		}
		time.Sleep(600 * time.Millisecond)
	}
	return expect("watched again", started > 1, true)
}
