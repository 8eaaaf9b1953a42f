// Package invocationlog makes training records of what Amazon Bedrock logs of
// model invocations: Converse and ConverseStream, and InvokeModel and
// InvokeModelWithResponseStream with the bodies of the usual families of models.
//
// The prompt becomes the record's messages, as plain text. What a text model cannot be
// trained on (pictures, documents, turns of tools), and what the log does not
// hold, such as bodies that were stored elsewhere for their size, is no record: it
// is left out with a [*Unfit] and never guessed. The package prints nothing.
package invocationlog
