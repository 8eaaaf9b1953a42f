package code_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/grader/gradertest"
)

func TestConformance(t *testing.T) { gradertest.Run(t, jailKind(t), "testdata") }
