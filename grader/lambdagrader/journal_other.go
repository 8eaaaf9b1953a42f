//go:build !unix

package lambdagrader

import (
	"errors"
	"os"
)

// lockable refuses: without locks the journal of a living process cannot be
// told from that of a dead one.
func lockable() error { return errors.ErrUnsupported }

func lock(*os.File) error { return errors.ErrUnsupported }

func openDead(string) (*os.File, error) { return nil, errors.ErrUnsupported }
