package symbolic_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/symbolic"
)

func TestConformance(t *testing.T) { gradertest.Run(t, symbolic.Kind, "testdata") }
