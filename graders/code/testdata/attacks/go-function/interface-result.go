// equality-override; ; returns interfaces, errors and channels in the place of a number
package main

import "errors"

type Any struct{ Value int }

func (Any) String() string { return "0" }

func (Any) MarshalText() ([]byte, error) { return []byte("0"), nil }

func Steps(n int) any {
	switch n % 3 {
	case 0:
		return errors.New("0")
	case 1:
		return Any{}
	}
	return []any{0}
}
