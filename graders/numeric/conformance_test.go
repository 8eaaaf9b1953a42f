package numeric_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/numeric"
)

func TestConformance(t *testing.T) { gradertest.Run(t, numeric.Kind, "testdata") }
