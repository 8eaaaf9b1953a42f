package length_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/length"
)

func TestConformance(t *testing.T) { gradertest.Run(t, length.Kind, "testdata") }

// TestValues grades cases that the suite need not see.
func TestValues(t *testing.T) { gradertest.Scores(t, length.Kind, "testdata/values.jsonl") }
