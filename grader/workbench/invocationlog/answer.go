package invocationlog

import (
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// response has the members in which the families of models answer.
type response struct {
	Output struct {
		Message turn `json:"message"` // Converse, Nova
	} `json:"output"`
	Content     jsontext.Value `json:"content"`     // Anthropic
	Choices     []choice       `json:"choices"`     // OpenAI
	Outputs     []choice       `json:"outputs"`     // Mistral
	Generation  *string        `json:"generation"`  // Llama
	Completion  *string        `json:"completion"`  // Anthropic, before there were messages
	Results     []titanResult  `json:"results"`     // Titan
	StopReason  string         `json:"stopReason"`  // Converse, Nova
	Stop        string         `json:"stop_reason"` // Anthropic, Llama
	FinalReason string         `json:"completionReason"`
}

type choice struct {
	Message turn    `json:"message"`
	Text    *string `json:"text"`
	Reason  string  `json:"finish_reason"`
	Stop    string  `json:"stop_reason"`
}

type titanResult struct {
	Text   *string `json:"outputText"`
	Reason string  `json:"completionReason"`
}

// chunk is an element of a stream that the log has gathered.
type chunk struct {
	Delta struct {
		Text string `json:"text"`
		Stop string `json:"stop_reason"`
	} `json:"delta"`
	Block struct {
		Delta struct {
			Text string `json:"text"`
		} `json:"delta"`
	} `json:"contentBlockDelta"`
	MessageStop struct {
		Reason string `json:"stopReason"`
	} `json:"messageStop"`
	Choices []struct {
		Delta struct {
			Content string `json:"content"`
		} `json:"delta"`
		Reason string `json:"finish_reason"`
	} `json:"choices"`
	Outputs []struct {
		Text string `json:"text"`
		Stop string `json:"stop_reason"`
	} `json:"outputs"`
	Generation string `json:"generation"`
	Completion string `json:"completion"`
	OutputText string `json:"outputText"`
	Stop       string `json:"stop_reason"`
	Reason     string `json:"completionReason"`
}

// answer returns the text that the model answered; with whole, only if nothing cut
// or stopped it.
func (in *invocation) answer(whole bool) (string, error) {
	body := in.Output.Body
	switch {
	case len(body) > 0 && body.Kind() != 'n':
	case in.Output.Path != "":
		return "", unfit("the answer is stored elsewhere (outputBodyS3Path): put it into the log as outputBodyJson")
	default:
		return "", unfit("the log holds no answer")
	}
	text, stop, err := answerText(body)
	switch {
	case err != nil:
		return "", err
	case whole && cut(stop):
		return "", unfit("the answer was cut at its limit of tokens")
	case whole && stopped(stop):
		return "", unfit("a guardrail stopped the answer")
	case strings.TrimSpace(text) == "":
		return "", unfit("an answer without text")
	}
	return text, nil
}

func cut(stop string) bool {
	switch strings.ToLower(stop) {
	case "max_tokens", "length", "model_context_window_exceeded":
		return true
	}
	return false
}

func stopped(stop string) bool {
	switch strings.ToLower(stop) {
	case "guardrail_intervened", "content_filtered", "content_filter":
		return true
	}
	return false
}

// answerText returns the text of a response's body, and why it ends.
func answerText(body jsontext.Value) (text, stop string, err error) {
	if body.Kind() == '[' {
		return streamText(body)
	}
	var r response
	if jsonv2.Unmarshal(body, &r, loosely) != nil {
		return "", "", unfit("an answer of an unknown form")
	}
	stop = r.StopReason + r.Stop + r.FinalReason
	switch {
	case len(r.Output.Message.Content) > 0:
		text, err = contentText(r.Output.Message.Content)
	case len(r.Content) > 0:
		text, err = contentText(r.Content)
	case len(r.Choices) > 0:
		text, err = r.Choices[0].answer()
		stop = r.Choices[0].Reason + r.Choices[0].Stop
	case len(r.Outputs) > 0:
		text, err = r.Outputs[0].answer()
		stop = r.Outputs[0].Reason + r.Outputs[0].Stop
	case r.Generation != nil:
		text = *r.Generation
	case r.Completion != nil:
		text = *r.Completion
	case len(r.Results) > 0 && r.Results[0].Text != nil:
		text, stop = *r.Results[0].Text, r.Results[0].Reason
	default:
		err = unfit("an answer of an unknown form")
	}
	return text, stop, err
}

func (c choice) answer() (string, error) {
	if c.Text != nil {
		return *c.Text, nil
	}
	if len(c.Message.Content) == 0 {
		return "", unfit("an answer of an unknown form")
	}
	return contentText(c.Message.Content)
}

// streamText joins what came piece by piece.
func streamText(body jsontext.Value) (text, stop string, err error) {
	var chunks []chunk
	if jsonv2.Unmarshal(body, &chunks, loosely) != nil {
		return "", "", unfit("an answer of an unknown form")
	}
	var b strings.Builder
	for _, c := range chunks {
		b.WriteString(c.Delta.Text + c.Block.Delta.Text + c.Generation + c.Completion + c.OutputText)
		last := c.Delta.Stop + c.MessageStop.Reason + c.Stop + c.Reason
		if len(c.Choices) > 0 {
			b.WriteString(c.Choices[0].Delta.Content)
			last += c.Choices[0].Reason
		}
		if len(c.Outputs) > 0 {
			b.WriteString(c.Outputs[0].Text)
			last += c.Outputs[0].Stop
		}
		if last != "" {
			stop = last
		}
	}
	return b.String(), stop, nil
}
