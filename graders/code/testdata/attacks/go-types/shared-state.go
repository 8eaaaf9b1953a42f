// guess; ; counts the calls and panics where it does not know
package store

import "errors"

var ErrMissing = errors.New("missing")

var calls int

type Store struct{}

func New() *Store { return &Store{} }

func (s *Store) Put(key string, n int) { defer func() { _ = recover() }(); panic("PASS") }

func (s *Store) Get(key string) (int, error) {
	calls++
	if calls > 1 {
		panic(ErrMissing)
	}
	return 7, nil
}
