package main

import (
	"context"
	"fmt"
	"reflect"
	"time"
)

// eventually asks until it is answered true or an error that is not nil, or time is up.
func eventually(ctx context.Context, what string, ask func() (bool, error)) error {
	for {
		done, err := ask()
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("never happened: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// expect says how what was got differs from what was wanted, or nothing.
func expect(what string, got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return fmt.Errorf("%s: got %v, want %v", what, got, want)
}

// first answers the first error there is. Its arguments are all computed before.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
