// Package job describes reinforcement fine-tuning jobs of Amazon Bedrock: what a
// definition must obey, what it will cost in gradings, the request that submits it,
// and how it goes.
//
// The ranges are those of the service's API model (2026-11); the SDK checks none
// of them. It prints nothing.
package job
