package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

// Status is how a job goes.
type Status struct {
	Name     string    `json:"name"`
	ARN      string    `json:"arn"`
	Status   string    `json:"status"` // InProgress, Completed, Failed, Stopping, Stopped
	Phase    string    `json:"phase,omitempty"`
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
	Ended    time.Time `json:"ended,omitzero"`
	Failure  string    `json:"failure,omitempty"`
	Model    string    `json:"model,omitempty"` // the ARN of the new one
	Loss     *float32  `json:"training_loss,omitempty"`
}

// Done reports whether the status is final.
func (s Status) Done() bool {
	switch types.ModelCustomizationJobStatus(s.Status) {
	case types.ModelCustomizationJobStatusCompleted, types.ModelCustomizationJobStatusFailed, types.ModelCustomizationJobStatusStopped:
		return true
	}
	return false
}

// Get returns the status of a job by its name or ARN.
func Get(ctx context.Context, client *bedrock.Client, id string) (Status, error) {
	out, err := client.GetModelCustomizationJob(ctx, &bedrock.GetModelCustomizationJobInput{JobIdentifier: aws.String(id)})
	if err != nil {
		return Status{}, fmt.Errorf("get the job %s: %w", id, err)
	}
	s := Status{
		Name: aws.ToString(out.JobName), ARN: aws.ToString(out.JobArn), Status: string(out.Status),
		Created: aws.ToTime(out.CreationTime), Modified: aws.ToTime(out.LastModifiedTime), Ended: aws.ToTime(out.EndTime),
		Failure: aws.ToString(out.FailureMessage), Model: aws.ToString(out.OutputModelArn),
	}
	if m := out.TrainingMetrics; m != nil {
		s.Loss = m.TrainingLoss
	}
	s.Phase = phase(out.StatusDetails)
	return s, nil
}

// phase names the part of the work that is in progress, where the service says it.
func phase(d *types.StatusDetails) string {
	if d == nil {
		return ""
	}
	var parts []string
	if p := d.DataProcessingDetails; p != nil && p.Status == types.JobStatusDetailsInProgress {
		parts = append(parts, "data processing")
	}
	if p := d.TrainingDetails; p != nil && p.Status == types.JobStatusDetailsInProgress {
		parts = append(parts, "training")
	}
	if p := d.ValidationDetails; p != nil && p.Status == types.JobStatusDetailsInProgress {
		parts = append(parts, "validation")
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// Watch asks for a job's status until it is final, and tells each of them. A
// question that fails is asked again; it gives up where ctx ends, or where the
// service says that there is no such job or no permission.
func Watch(ctx context.Context, client *bedrock.Client, id string, every time.Duration, tell func(Status, error)) (Status, error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		s, err := Get(ctx, client, id)
		switch {
		case ctx.Err() != nil:
			return s, ctx.Err()
		case lasting(err):
			return s, err
		}
		tell(s, err)
		if err == nil && s.Done() {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return s, ctx.Err()
		case <-tick.C:
		}
	}
}

func lasting(err error) bool {
	var missing *types.ResourceNotFoundException
	var denied *types.AccessDeniedException
	var invalid *types.ValidationException
	return errors.As(err, &missing) || errors.As(err, &denied) || errors.As(err, &invalid)
}
