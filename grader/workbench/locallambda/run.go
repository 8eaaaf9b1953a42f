package locallambda

import "time"

// run takes one invocation, which has a slot, from its event to its answer and
// gives the slot back.
func (f *Function) run(v *invocation) {
	e, out := f.prepare(v)
	if e != nil {
		out = f.attend(e, v)
	}
	f.conclude(e, v, out)
}

// prepare gives the event to a warm environment, or to one that it starts. No
// environment means that the outcome is known already.
func (f *Function) prepare(v *invocation) (*environment, outcome) {
	for e := f.takeIdle(); e != nil; e = f.takeIdle() {
		e.logs.attach(&v.tail)
		f.start(v)
		if e.assign(v) {
			return e, outcome{}
		}
		e.logs.attach(nil)
	}
	e, out := f.initialise(v, f.config.InitTimeout, "init")
	if out.err != nil {
		return nil, out
	}
	f.start(v)
	if e == nil {
		e, out = f.initialise(v, f.config.Timeout, "invoke")
	}
	if e == nil {
		return nil, out
	}
	if !e.assign(v) {
		e.kill()
		return nil, v.exited(e.exit)
	}
	return e, outcome{}
}

// start begins the invocation's time. It is begun anew when the environment
// turns out to have ended while it was idle.
func (f *Function) start(v *invocation) {
	if v.begun.IsZero() {
		f.platform(v, startLine(v))
	}
	v.begun = time.Now()
	v.deadline = v.begun.Add(f.config.Timeout)
}

// initialise starts an environment and waits until it asks for an event. The
// phase is that of the log line: init before the invocation, invoke inside it.
func (f *Function) initialise(v *invocation, timeout time.Duration, phase string) (*environment, outcome) {
	began := time.Now()
	e, out := f.newEnvironment(v)
	if e == nil {
		if out.err == nil {
			f.count(func(s *Stats) { s.InitErrors++ })
			f.platform(v, initLine(time.Since(began), phase, out))
		}
		return nil, out
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-e.ready:
		took := time.Since(began)
		if phase == "init" {
			v.init = took
		}
		f.countColdStart(took)
		e.measure()
		return e, outcome{}
	case <-f.closing:
		e.kill()
		return nil, outcome{err: ErrClosed}
	case <-timer.C:
		e.measure()
		e.kill()
		out = v.timedOut(timeout)
	case <-e.gone:
		out = v.exited(e.exit)
	case <-e.initFailed:
		f.awaitEnd(e)
	}
	select {
	case <-e.initFailed:
		e.mu.Lock()
		out = e.initError
		e.mu.Unlock()
	default:
	}
	f.count(func(s *Stats) { s.InitErrors++ })
	f.platform(v, initLine(time.Since(began), phase, out))
	return nil, out
}

// awaitEnd lets a process that has reported an error end by itself, so that
// its last words reach the log.
func (f *Function) awaitEnd(e *environment) {
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-e.gone:
	case <-timer.C:
	case <-f.closing:
	}
	e.kill()
}

// platform writes a line of the platform where there may be no environment.
func (f *Function) platform(v *invocation, line string) {
	b := []byte(line + "\n")
	v.tail.add(b)
	f.log.write(b)
}

// attend waits for the outcome of the invocation. When it returns the
// environment is idle, gone, or still at work though it has responded.
func (f *Function) attend(e *environment, v *invocation) outcome {
	deadline := time.NewTimer(time.Until(v.deadline))
	defer deadline.Stop()
	var otherwise func() outcome
	select {
	case <-v.responded:
	case <-e.gone:
		otherwise = func() outcome { return v.exited(e.exit) }
	case <-deadline.C:
		otherwise = func() outcome { return v.timedOut(f.config.Timeout) }
	case <-f.closing:
		otherwise = func() outcome { return outcome{err: ErrClosed} }
	}
	v.took = time.Since(v.begun)
	e.measure()
	out, responded := e.cut(v)
	if !responded {
		e.kill()
		return otherwise()
	}
	wait := time.NewTimer(settle)
	defer wait.Stop()
	select {
	case <-v.settled:
	case <-e.gone:
		if out.truncated {
			out = v.exited(e.exit)
		}
	case <-wait.C:
	case <-deadline.C:
	case <-f.closing:
	}
	return out
}

// conclude writes the end of the log and answers. The environment and the
// slot have gone back before the caller can call again, unless the process is
// still at work: then it keeps them until it asks for an event, ends or runs
// out of time.
func (f *Function) conclude(e *environment, v *invocation, out outcome) {
	if e == nil {
		v.took = time.Since(v.begun)
	} else {
		e.logs.flush()
	}
	if out.err == nil {
		f.countOutcome(out)
		if e == nil {
			f.platform(v, endLines(v, out, f.config.MemoryMB, 0))
		} else {
			e.logs.platform(endLines(v, out, f.config.MemoryMB, e.peak()))
		}
	}
	atWork := false
	if e != nil {
		e.logs.attach(nil)
		select {
		case <-v.settled:
			f.giveBack(e)
		case <-e.gone:
		default:
			atWork = true
		}
	}
	v.answer, v.err = v.respond(out), out.err
	if atWork {
		close(v.answered)
		f.linger(e, v)
		<-f.slots
		return
	}
	<-f.slots
	close(v.answered)
}

// linger waits for an environment that works on after its response.
func (f *Function) linger(e *environment, v *invocation) {
	deadline := time.NewTimer(time.Until(v.deadline))
	defer deadline.Stop()
	select {
	case <-v.settled:
		f.giveBack(e)
		return
	case <-e.gone:
	case <-deadline.C:
		e.logs.platform(v.timedOut(f.config.Timeout).note)
	case <-f.closing:
	}
	e.kill()
}
