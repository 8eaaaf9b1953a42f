package tools_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/tools"
)

func TestConformance(t *testing.T) { gradertest.Run(t, tools.Kind, "testdata") }
