package similarity_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/similarity"
)

func TestConformance(t *testing.T) { gradertest.Run(t, similarity.Kind, "testdata") }

// TestValues grades cases that the suite need not see.
func TestValues(t *testing.T) { gradertest.Scores(t, similarity.Kind, "testdata/values.jsonl") }
