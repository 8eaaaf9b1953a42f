package job

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
)

// JSON returns the body of the request as the SDK sends it, indented, without the
// token that it makes up.
func (d Definition) JSON(ctx context.Context) ([]byte, error) {
	d.Token = "00000000-0000-0000-0000-000000000000"
	keep := &keeper{}
	client := bedrock.New(bedrock.Options{
		Region: "us-east-1", HTTPClient: keep, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "none", SecretAccessKey: "none"}, nil
		}),
	})
	_, err := client.CreateModelCustomizationJob(ctx, d.Input())
	if !errors.Is(err, errKept) {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	var body map[string]any
	decoder := json.NewDecoder(bytes.NewReader(keep.body))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	delete(body, "clientRequestToken")
	return json.MarshalIndent(body, "", "  ")
}

// errKept ends a request that is not to be sent.
var errKept = errors.New("the request is kept")

// keeper is an HTTP client that sends nothing and keeps what it was given.
type keeper struct{ body []byte }

func (k *keeper) Do(r *http.Request) (*http.Response, error) {
	var err error
	if k.body, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	return nil, errKept
}

// OpenWeightJSON returns the body that submits the job through Bedrock's
// OpenAI-compatible API for open-weight models (POST .../v1/fine_tuning/jobs),
// with the id of an uploaded training file.
func (d Definition) OpenWeightJSON(file string) ([]byte, error) {
	hyper := map[string]any{}
	if d.Epochs != nil {
		hyper["n_epochs"] = *d.Epochs
	}
	if d.BatchSize != nil {
		hyper["batch_size"] = *d.BatchSize
	}
	reinforcement := map[string]any{"grader": map[string]any{"type": "lambda", "lambda": map[string]any{"function": d.Grader}}}
	if len(hyper) > 0 {
		reinforcement["hyperparameters"] = hyper
	}
	return json.MarshalIndent(map[string]any{
		"model":         d.Model,
		"training_file": file,
		"method":        map[string]any{"type": "reinforcement", "reinforcement": reinforcement},
	}, "", "  ")
}
