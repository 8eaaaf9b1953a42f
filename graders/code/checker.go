package code

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// A checker judges outputs by a program that came with the tests. It is run
// after the candidate is gone, confined as well, in a folder with the inputs,
// outputs and wanted outputs: it is trusted, and what it reads is not.
type checker struct {
	task     *task
	opener   sandbox.Opener
	language *sandbox.Language
	outputs  map[int][]byte
	checked  *memory
}

func (g *codeGrader) newChecker(t *task) (*checker, error) {
	opener, ok := g.executor.Executor.(sandbox.Opener)
	if !ok {
		return nil, grader.Permanentf("the executor %s cannot run checkers: use the executor jail", g.Options.Executor)
	}
	language := jail.Find(g.languages, t.Checker.Language)
	if language == nil {
		return nil, grader.Dataf(t.where+"/checker/language", "no language of that name: there are %s", g.languageNames())
	}
	if err := g.installed(language.Name); err != nil {
		return nil, err
	}
	return &checker{task: t, opener: opener, language: language, outputs: map[int][]byte{}, checked: &g.checked}, nil
}

// keep takes an output to be judged later.
func (k *checker) keep(i int, out sandbox.Output) tested {
	if out.Failure != "" {
		return failed(out)
	}
	k.outputs[i] = out.Stdout
	return tested{passed: true}
}

// The checker's script compiles it and then runs it for each number that it
// reads, and answers with the exit status and the first word of what it printed.
// It stands in no file that a checker's input could name.
const checkerScript = `
exec 3<&{in} 4>&{out}
%s </dev/null >checker.log 2>&1 3<&- 4>&- || { read -r line <checker.log; echo "compile $line" >&4; exit 1; }
echo ready >&4
while read -r n <&3; do
	word=$(%s </dev/null 2>/dev/null 3<&- 4>&- | head -c 4096 | { read -r w rest; cat >/dev/null; echo "$w"; }; exit "${PIPESTATUS[0]}")
	echo "$? $word" >&4
done
`

// judge runs the checker on what was kept, and changes what came of the cases.
func (k *checker) judge(ctx context.Context, cases []tested) error {
	if len(k.outputs) == 0 {
		return nil
	}
	files := map[string]string{k.language.File: k.task.Checker.Source}
	for i, out := range k.outputs {
		files["input"+strconv.Itoa(i)] = string(k.task.Cases[i].Stdin)
		files["output"+strconv.Itoa(i)] = string(out)
		files["expected"+strconv.Itoa(i)] = k.task.Cases[i].Wanted()
	}
	// The checker has to accept what is wanted, once for each text of a checker.
	trial, key := k.trial(), strings.Join(append([]string{k.language.Name, k.task.Checker.Source}, k.task.Checker.Args...), "\x00")
	_, known := k.checked.get(key)
	fault := ""
	if trial >= 0 && !known {
		c := k.task.Cases[trial]
		fault, known = k.checked.get(strings.Join([]string{key, string(c.Stdin), c.Wanted()}, "\x00"))
	}
	if trial >= 0 && !known {
		n, c := strconv.Itoa(len(cases)), k.task.Cases[trial]
		files["input"+n], files["output"+n], files["expected"+n] = string(c.Stdin), c.Wanted(), c.Wanted()
	}
	compile := ":"
	if len(k.language.Compile) > 0 {
		compile = k.command(k.language.Compile, nil)
	}
	script := fmt.Sprintf(checkerScript, compile, k.command(k.language.Run, k.task.Checker.Args))
	limits := k.task.limits
	session, _, err := k.opener.Open(ctx, sandbox.Conversant{
		Program: sandbox.Program{Language: k.language, Limits: limits},
		Command: []string{"bash", "-c", script},
		Files:   files,
	})
	if err != nil {
		return err
	}
	if session == nil {
		return grader.Permanentf("the checker could not be started")
	}
	defer session.Close()
	line, failure, err := session.Receive(ctx, limits.Compile)
	if err != nil {
		return err
	}
	if failure != "" || string(line) != "ready" {
		said, _ := strings.CutPrefix(string(line), "compile ")
		return &grader.DataError{Where: k.task.where + "/checker", Detail: joined(string(failure), shown(said)), Err: errors.New("the checker does not compile")}
	}
	if trial >= 0 && !known {
		if fault, err = k.try(ctx, session, len(cases)); err != nil {
			return err
		}
		if fault != "" {
			// It may be the case that is wrong.
			c := k.task.Cases[trial]
			key = strings.Join([]string{key, string(c.Stdin), c.Wanted()}, "\x00")
		}
		k.checked.put(key, fault)
	}
	if fault != "" {
		return grader.Dataf(k.task.where+"/checker", "the checker, given what case %d itself wants for the program's output, %s: a checker has to accept that", max(trial, 0), fault)
	}
	over := false // the session: what an output makes of its judge is no way out
	for i := range cases {
		if _, ok := k.outputs[i]; !ok {
			continue
		}
		refused := tested{ran: true, class: wrong, why: "the checker refuses it"}
		if !over {
			if err := session.Send([]byte(strconv.Itoa(i))); err != nil {
				return grader.Permanentf("the checker has ended: %w", err)
			}
			line, failure, err := session.Receive(ctx, limits.Time)
			if err != nil {
				return err
			}
			if failure == "" && k.accepts(string(line)) {
				continue
			}
			if over = failure != ""; over {
				refused.why = "the checker ran into a limit: " + className(failure)
			}
		}
		cases[i] = refused
	}
	return nil
}

// trial returns a case of which the wanted output is known, and -1 where none is.
func (k *checker) trial() int {
	return slices.IndexFunc(k.task.Cases, func(c suite.Case) bool { return strings.TrimSpace(c.Wanted()) != "" })
}

// try runs the checker on what is wanted, and says what is wrong with it.
func (k *checker) try(ctx context.Context, session sandbox.Session, n int) (fault string, err error) {
	if err := session.Send([]byte(strconv.Itoa(n))); err != nil {
		return "", grader.Permanentf("the checker has ended: %w", err)
	}
	line, failure, err := session.Receive(ctx, k.task.limits.Time)
	switch {
	case err != nil:
		return "", err
	case failure != "":
		return "runs into a limit (" + className(failure) + ")", nil
	case k.accepts(string(line)):
		return "", nil
	}
	status, _, _ := strings.Cut(string(line), " ")
	return "refuses it or fails (exit status " + shown(status) + ")", nil
}

// accepts reads the checker's exit status and first word.
func (k *checker) accepts(line string) bool {
	status, word, _ := strings.Cut(line, " ")
	if status != "0" {
		return false
	}
	if !k.task.Checker.ByOutput {
		return true
	}
	switch strings.ToLower(strings.Trim(word, ".,:!")) {
	case "ok", "yes", "true", "accepted":
		return true
	}
	f, err := strconv.ParseFloat(word, 64)
	return err == nil && f > 0
}

// command writes a command of the language's table for the shell.
func (k *checker) command(words, args []string) string {
	memory := strconv.FormatInt(max(64, k.task.limits.Memory>>20), 10)
	in := strings.NewReplacer("{source}", k.language.File, "{binary}", "./checker", "{dir}", ".", "{memory}", memory,
		"{class}", strings.TrimSuffix(k.language.File, ".java"))
	var b strings.Builder
	for _, w := range words {
		b.WriteString(quoted(in.Replace(w)) + " ")
	}
	for _, a := range args {
		switch a {
		case "{input}", "{output}", "{expected}":
			b.WriteString(`"` + strings.Trim(a, "{}") + `$n" `)
		default:
			b.WriteString(quoted(a) + " ")
		}
	}
	return b.String()
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
