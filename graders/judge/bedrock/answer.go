package bedrock

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// read returns what the service answered. Everything in it may be missing, and
// blocks that this SDK does not know are nil.
func read(out *bedrockruntime.ConverseOutput) (*converse.Answer, error) {
	a := &converse.Answer{Stop: string(out.StopReason)}
	if u := out.Usage; u != nil {
		a.Usage = converse.Usage{
			Input: count(u.InputTokens), Output: count(u.OutputTokens),
			CacheRead: count(u.CacheReadInputTokens), CacheWrite: count(u.CacheWriteInputTokens),
		}
	}
	message, ok := out.Output.(*types.ConverseOutputMemberMessage)
	if !ok && a.Stop == "" {
		return nil, &converse.Error{Class: converse.Transient, Status: 200, Code: "empty answer", Usage: a.Usage, Attempts: 1}
	}
	if !ok || message == nil {
		return a, nil
	}
	for _, block := range message.Value.Content {
		switch b := block.(type) {
		case *types.ContentBlockMemberText:
			a.Text = append(a.Text, b.Value)
		case *types.ContentBlockMemberCitationsContent:
			for _, c := range b.Value.Content {
				if text, ok := c.(*types.CitationGeneratedContentMemberText); ok {
					a.Text = append(a.Text, text.Value)
				}
			}
		case *types.ContentBlockMemberReasoningContent:
			a.Reasoning = true
		case *types.ContentBlockMemberToolUse:
			use := converse.ToolUse{Name: aws.ToString(b.Value.Name)}
			if b.Value.Input != nil {
				raw, err := b.Value.Input.MarshalSmithyDocument()
				if err != nil {
					return nil, &converse.Error{Class: converse.Malformed, Status: 200, Code: "unreadable tool input", Usage: a.Usage, Attempts: 1, Err: err}
				}
				use.Input = raw
			}
			a.Tools = append(a.Tools, use)
		}
	}
	return a, nil
}

func count(n *int32) int { return int(max(aws.ToInt32(n), 0)) }
