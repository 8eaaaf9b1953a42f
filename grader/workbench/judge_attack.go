package workbench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/attacks"
)

// attackOptions are the flags of rft judge attack.
type attackOptions struct {
	printing
	spec       string
	families   []string
	most       int
	margin     float64
	failIfPaid bool
	quiet      bool
	recordings recordings
}

func (p *program) judgeAttackCommand() *cobra.Command {
	var o attackOptions
	var list strings.Builder
	for _, f := range attacks.Families() {
		fmt.Fprintf(&list, "  %-16s%s\n", f.Name, f.Doc)
	}
	c := &cobra.Command{
		Use:   "attack --spec FILE ROLLOUTS...",
		Short: "Find out whether answers can be paid for something else than being right",
		Long: `Attack changes the answers of some rollouts as a policy might that looks for reward, and
compares what the spec gives them with what it gave the honest answers. The families are:

` + list.String() + `
A family pays if its mean reward is above that of the honest answers by more than the
margin; one that replaces the answer, if it is above that of an empty answer. An attack
that is not graded gains nothing, and is counted.

Each rollout is graded some fifty times: --most limits the rollouts. What a judge pays on
rollouts that are perfect already cannot be seen, so take rollouts with middling rewards.

Exit codes: 0 done; 1 a family pays, with --fail-if-paid; 2 not done.`,
		Example: `  rft judge attack --spec grader.yaml --fail-if-paid rollouts.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(args); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return p.attack(c.Context(), o, args)
		},
	}
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "the grader spec, a YAML or JSON `FILE`")
	f.StringArrayVar(&o.families, "family", nil, "the family that is tried, by its `NAME`; may be repeated; all by default")
	f.IntVar(&o.most, "most", 20, "how many (`N`) rollouts are attacked at most, from the first on")
	f.Float64Var(&o.margin, "margin", 0.02, "how much reward (`X`) is no gain yet")
	f.BoolVar(&o.failIfPaid, "fail-if-paid", false, "exit with 1 if a family pays")
	o.printing.add(c, "how the findings are printed, `FORM`: table or json")
	f.BoolVar(&o.quiet, "quiet", false, "no notes on standard error")
	o.recordings.flags(c)
	completeWords(c, "family", attacks.Names()...)
	completeNothing(c, "most", "margin")
	return c
}

func (o *attackOptions) check(args []string) error {
	_, unknown, ok := attacks.Find(o.families)
	switch {
	case o.spec == "":
		return errors.New("no spec: give one with --spec")
	case len(args) == 0:
		return errors.New("no rollouts: name their files, or - for standard input")
	case !ok:
		return fmt.Errorf("--family: there is no family %q%s", unknown, nearest.Hint(unknown, attacks.Names()))
	case o.most < 1:
		return fmt.Errorf("--most %d: want 1 or more", o.most)
	case !(o.margin >= 0) || math.IsInf(o.margin, 0):
		return fmt.Errorf("--margin %v: want 0 or more", o.margin)
	}
	return errors.Join(o.settle(), o.recordings.check())
}

// attackFindings is what rft judge attack prints.
type attackFindings struct {
	Rollouts   int               `json:"rollouts"` // that were attacked
	Skipped    int               `json:"skipped"`  // without an answer, or without a reward of it
	MeanHonest float64           `json:"mean_honest_reward"`
	Margin     float64           `json:"margin"`
	Families   []attacks.Finding `json:"families"`
	Pays       bool              `json:"pays"`
}

func (p *program) attack(ctx context.Context, o attackOptions, args []string) (err error) {
	if ctx, err = o.recordings.under(ctx); err != nil {
		return err
	}
	rows, err := p.readRollouts(ctx, args)
	if err != nil {
		return err
	}
	s, err := spec.Open(o.spec, p.kinds)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	ctx, unwatch := watchJudges(ctx, p.noted(o.quiet, nil))
	defer unwatch()
	found, err := p.attackAll(ctx, s, o, rows)
	if err != nil {
		return err
	}
	if err := o.print(p.stdout, found, found.table, nilIsNull()); err != nil {
		return err
	}
	if o.failIfPaid && found.Pays {
		var names []string
		for _, f := range found.Families {
			if f.Pays {
				names = append(names, f.Family)
			}
		}
		return &gateError{fmt.Errorf("--fail-if-paid: the spec pays %s", strings.Join(names, ", "))}
	}
	return nil
}

// target is a rollout with the rewards that attacks are compared with.
type target struct {
	rollout       *grader.Rollout
	honest, empty float64
}

// attackAll grades everything in as few batches as can be, so that judges are asked
// concurrently.
func (p *program) attackAll(ctx context.Context, s *spec.Spec, o attackOptions, rows []row) (*attackFindings, error) {
	targets, skipped, err := p.targets(ctx, s, o, rows)
	if err != nil {
		return nil, err
	}
	found := &attackFindings{Rollouts: len(targets), Skipped: skipped, Margin: o.margin}
	for _, t := range targets {
		found.MeanHonest += t.honest / float64(len(targets))
	}
	families, _, _ := attacks.Find(o.families)
	var attempts []attempt
	for at, family := range families {
		for _, a := range family.Attacks {
			for i := range targets {
				attempts = append(attempts, attempt{at, a, i})
			}
		}
	}
	if !o.quiet {
		fmt.Fprintf(p.stderr, "rft: grading %s on %s\n", count(len(attempts), "attack"), count(len(targets), "rollout"))
	}
	// A grader that compares answers to one prompt with each other must not see
	// several attacks at once.
	batch := len(attempts)
	if _, together := s.Grader().(grader.BatchGrader); together {
		batch = len(targets)
	}
	trials, ungraded := make([][]attacks.Trial, len(families)), make([]int, len(families))
	for some := range slices.Chunk(attempts, batch) {
		items := make([]grader.Item, len(some))
		for i, a := range some {
			attacked, _ := attacks.On(targets[a.target].rollout, a.attack.Text)
			items[i] = grader.Item{ID: []byte("null"), Rollout: attacked}
		}
		outcomes, err := gradeAll(ctx, s, items)
		if err != nil {
			return nil, err
		}
		for i, out := range outcomes {
			a := some[i]
			if !out.Graded() {
				ungraded[a.family]++
				continue
			}
			t := targets[a.target]
			trials[a.family] = append(trials[a.family], attacks.Trial{Attack: a.attack.Name, Honest: t.honest, Empty: t.empty, Attacked: out.Result.Score})
		}
	}
	for i, family := range families {
		f := attacks.Judge(family, trials[i], ungraded[i], o.margin)
		found.Pays = found.Pays || f.Pays
		found.Families = append(found.Families, f)
	}
	return found, nil
}

// attempt is an attack on a rollout, by their numbers.
type attempt struct {
	family int
	attack attacks.Attack
	target int
}

// targets grades the honest answers, and empty ones.
func (p *program) targets(ctx context.Context, s *spec.Spec, o attackOptions, rows []row) (targets []target, skipped int, err error) {
	var honest, empty []grader.Item
	for _, r := range rows {
		if len(honest) == o.most {
			break
		}
		blank, ok := attacks.On(r.Rollout, func(string) string { return "" })
		if r.Err != nil || !ok {
			skipped++
			continue
		}
		honest = append(honest, r.Item)
		empty = append(empty, grader.Item{ID: []byte("null"), Rollout: blank})
	}
	of, err := gradeAll(ctx, s, honest)
	if err != nil {
		return nil, 0, err
	}
	ofEmpty, err := gradeAll(ctx, s, empty)
	if err != nil {
		return nil, 0, err
	}
	for i, out := range of {
		if !out.Graded() {
			skipped++
			if !o.quiet {
				fmt.Fprintf(p.stderr, "rft: an honest answer is ungraded and left out: %v\n", out.Err)
			}
			continue
		}
		t := target{rollout: honest[i].Rollout, honest: out.Result.Score}
		if ofEmpty[i].Graded() {
			t.empty = ofEmpty[i].Result.Score
		} else {
			t.empty = t.honest
		}
		targets = append(targets, t)
	}
	if len(targets) == 0 {
		return nil, 0, fmt.Errorf("there is no rollout to attack: none of the %s has an answer and a reward", count(len(rows), "rollout"))
	}
	return targets, skipped, nil
}

func (f *attackFindings) table(paint paint) string {
	t := newGrid(paint)
	t.AppendRow(table.Row{paint.bold("rollouts"), fmt.Sprintf("%d attacked, %d left out", f.Rollouts, f.Skipped)})
	t.AppendRow(table.Row{paint.bold("honest answers"), "mean reward " + number(f.MeanHonest)})
	head := t.Render()
	t = newGrid(paint, "attack", "trials", "mean reward", "mean gain", "most gain", "by", "paid", "")
	t.SetColumnConfigs([]table.ColumnConfig{right(2), right(3), right(4), right(5), right(7)})
	for _, x := range f.Families {
		verdict := ""
		if x.Pays {
			verdict = paint.warn("pays")
		}
		trials := fmt.Sprint(x.Trials)
		if x.Ungraded > 0 {
			trials += fmt.Sprintf(" (%d ungraded)", x.Ungraded)
		}
		paid := "0%"
		if x.Trials > 0 {
			paid = percent(x.Paid, x.Trials)
		}
		t.AppendRow(table.Row{x.Family, trials, number(x.MeanReward), number(x.MeanGain), number(x.MostGain), x.MostBy, paid, verdict})
	}
	return head + "\n\n" + t.Render() + "\n"
}
