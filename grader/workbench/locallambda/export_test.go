package locallambda

// Waiting returns how many requests for an event wait in idle environments.
func (f *Function) Waiting() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.idle {
		e.mu.Lock()
		n += len(e.waiting)
		e.mu.Unlock()
	}
	return n
}
