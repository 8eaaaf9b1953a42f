package format_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/format"
)

func TestConformance(t *testing.T) { gradertest.Run(t, format.Kind, "testdata") }

// TestValues grades cases that the suite need not see.
func TestValues(t *testing.T) { gradertest.Scores(t, format.Kind, "testdata/values.jsonl") }
