package split_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// confined returns the jail that the tests of this package share.
var confined = sync.OnceValues(func() (*jail.Jail, error) {
	return jail.New(context.Background(), jail.Options{})
})

func opener(t testing.TB) *jail.Jail {
	j, err := confined()
	if err != nil {
		t.Skipf("no jail here: %v", err)
	}
	return j
}

func language(name string) *sandbox.Language {
	for _, l := range jail.Languages() {
		if l.Name == name {
			return l
		}
	}
	panic("no language " + name)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if j, err := confined(); err == nil {
		_ = j.Close()
	}
	os.Exit(code)
}
