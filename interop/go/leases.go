package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
)

// checkLeaderElection lets two stand for election, and the second win when the first lets go.
func checkLeaderElection(ctx context.Context, here cluster) error {
	led := make(chan string, 2)
	stand := func(name string) (context.CancelFunc, error) {
		lock, err := resourcelock.New(resourcelock.LeasesResourceLock, here.namespace, "leader",
			here.client.CoreV1(), here.client.CoordinationV1(),
			resourcelock.ResourceLockConfig{Identity: name})
		if err != nil {
			return nil, err
		}
		elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
			Lock: lock, LeaseDuration: 300 * time.Second, RenewDeadline: 200 * time.Second,
			RetryPeriod: time.Second, ReleaseOnCancel: true, Name: name,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: func(context.Context) { led <- name },
				OnStoppedLeading: func() {},
			},
		})
		if err != nil {
			return nil, err
		}
		running, stop := context.WithCancel(ctx)
		go elector.Run(running)
		return stop, nil
	}
	leads := func(name string) error {
		select {
		case who := <-led:
			return expect("leader", who, name)
		case <-ctx.Done():
			return fmt.Errorf("%s never led", name)
		}
	}
	stopFirst, err := stand("first")
	if err != nil {
		return err
	}
	defer stopFirst()
	if err := leads("first"); err != nil {
		return err
	}
	stopSecond, err := stand("second")
	if err != nil {
		return err
	}
	defer stopSecond()
	// A lease is renewed at once, then after each retry period. Who is stopped while it renews
	// does not know the version it has to release.
	time.Sleep(400 * time.Millisecond)
	stopFirst()
	if err := leads("second"); err != nil {
		return err
	}
	lease, err := here.client.CoordinationV1().Leases(here.namespace).Get(ctx, "leader", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return expect("holder", *lease.Spec.HolderIdentity, "second")
}

// checkEventRecorders tells the same thing three times, by the recorder of each generation.
func checkEventRecorders(ctx context.Context, here cluster) error {
	about, err := here.client.CoreV1().ConfigMaps(here.namespace).
		Create(ctx, configMap("one", nil), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	old := record.NewBroadcaster(record.WithContext(ctx))
	defer old.Shutdown()
	old.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: here.client.CoreV1().Events("")})
	teller := old.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "old"})
	young := events.NewBroadcaster(&events.EventSinkImpl{Interface: here.client.EventsV1()})
	defer young.Shutdown()
	if err := young.StartRecordingToSinkWithContext(ctx); err != nil {
		return err
	}
	reporter := young.NewRecorder(scheme.Scheme, "young")
	named := metav1.ListOptions{FieldSelector: "involvedObject.name=one"}
	tell := func() {
		teller.Event(about, corev1.EventTypeNormal, "Told", "three times")
		reporter.Eventf(about, nil, corev1.EventTypeNormal, "Reported", "Tell", "three times")
	}
	tell()
	// The recorder of series tells of a second time only what is there after the first.
	err = eventually(ctx, "events of a first time", func() (bool, error) {
		list, err := here.client.CoreV1().Events(here.namespace).List(ctx, named)
		return err == nil && len(list.Items) == 2, err
	})
	if err != nil {
		return err
	}
	tell()
	tell()
	return eventually(ctx, "events of both", func() (bool, error) {
		list, err := here.client.CoreV1().Events(here.namespace).List(ctx, named)
		if err != nil {
			return false, err
		}
		counted, series := false, false
		for _, each := range list.Items {
			counted = counted || (each.Reason == "Told" && each.Count == 3)
			series = series || (each.Reason == "Reported" && each.Series != nil)
		}
		return counted && series, nil
	})
}
