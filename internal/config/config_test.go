package config

import (
	"testing"
)

func TestDefaultsAreValid(t *testing.T) {
	if n := len(Keys()); n != 641 {
		t.Fatalf("%d keys", n)
	}
	if err := Defaults().Validate(); err != nil {
		t.Fatal(err)
	}
}
