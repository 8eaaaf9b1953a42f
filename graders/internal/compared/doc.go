// Package compared takes two texts out of a rollout: what the model wrote and
// what was wanted. It holds the options that kinds which compare texts share.
package compared
