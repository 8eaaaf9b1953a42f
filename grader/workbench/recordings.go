package workbench

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/converse/replay"
)

// recordings are the flags that say whether what judges answer is recorded, or
// taken from recordings.
type recordings struct{ record, replay string }

func (r *recordings) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.record, "record", "", "record what judges answer in this folder, `DIR`: a file for each question, with the texts")
	f.StringVar(&r.replay, "replay", "", "take what judges answer from the recordings in `DIR`, and ask no model")
	for _, name := range []string{"record", "replay"} {
		if err := c.MarkFlagDirname(name); err != nil {
			panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
		}
	}
}

// check refuses flags that do not go together.
func (r *recordings) check() error {
	if r.record != "" && r.replay != "" {
		return errors.New("--record and --replay: want one of them")
	}
	return nil
}

// under returns the context under which judges are recorded or replayed.
func (r *recordings) under(ctx context.Context) (context.Context, error) {
	switch {
	case r.record != "":
		recorder, err := replay.NewRecorder(r.record)
		if err != nil {
			return nil, err
		}
		return converse.Intercept(ctx, recorder.Wrap), nil
	case r.replay != "":
		player, err := replay.NewPlayer(r.replay)
		if err != nil {
			return nil, err
		}
		return converse.Intercept(ctx, player.Wrap), nil
	}
	return ctx, nil
}
