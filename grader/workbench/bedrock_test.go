package workbench_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// bedrockEndpoint speaks the part of Bedrock's API that jobs need. A job's status
// is another one each time it is asked for, by the job's name.
type bedrockEndpoint struct {
	mu    sync.Mutex
	asked map[string]int
	names map[string]string // of tokens and jobs
}

const jobARN = "arn:aws:bedrock:us-east-1:123456789012:model-customization-job/"

// startBedrock serves the endpoint for one script.
func startBedrock(env *testscript.Env) {
	server := httptest.NewServer(&bedrockEndpoint{asked: map[string]int{}, names: map[string]string{}})
	env.Defer(server.Close)
	env.Setenv("AWS_ENDPOINT_URL_BEDROCK", server.URL)
	env.Setenv("AWS_ACCESS_KEY_ID", "test")
	env.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	env.Setenv("AWS_REGION", "us-east-1")
}

func (b *bedrockEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		refuse(w, http.StatusForbidden, "AccessDeniedException", "the request is not signed")
		return
	}
	id := strings.TrimPrefix(r.URL.Path, "/model-customization-jobs/")
	id = strings.TrimSuffix(strings.TrimPrefix(id, jobARN), "/stop")
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/model-customization-jobs":
		b.create(w, r)
	case b.names[id] == "":
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "there is no such job")
	case r.Method == http.MethodPost:
		b.names[id] = "stopped"
		answer(w, http.StatusOK, map[string]any{})
	default:
		b.status(w, id)
	}
}

func (b *bedrockEndpoint) create(w http.ResponseWriter, r *http.Request) {
	var in struct {
		JobName, ClientRequestToken, CustomizationType string
		CustomizationConfig                            struct {
			RftConfig struct {
				GraderConfig struct{ LambdaGrader struct{ LambdaArn string } }
			}
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.CustomizationConfig.RftConfig.GraderConfig.LambdaGrader.LambdaArn == "" {
		refuse(w, http.StatusBadRequest, "ValidationException", "the request is not that of a reinforcement fine-tuning job")
		return
	}
	if b.names[in.JobName] != "" && b.names[in.JobName] != in.ClientRequestToken {
		refuse(w, http.StatusBadRequest, "ConflictException", "the name is in use")
		return
	}
	b.names[in.JobName] = in.ClientRequestToken
	answer(w, http.StatusCreated, map[string]any{"jobArn": jobARN + in.JobName})
}

func (b *bedrockEndpoint) status(w http.ResponseWriter, name string) {
	b.asked[name]++
	out := map[string]any{"jobName": name, "jobArn": jobARN + name, "status": "InProgress", "creationTime": "2026-01-02T03:04:05Z"}
	switch n := b.asked[name]; {
	case b.names[name] == "stopped":
		out["status"] = "Stopped"
	case n == 1:
		out["statusDetails"] = map[string]any{"dataProcessingDetails": map[string]any{"status": "InProgress"}}
	case n == 2:
		refuse(w, http.StatusInternalServerError, "InternalServerException", "it happens")
		return
	case n < 6: // the SDK asks three times
		out["statusDetails"] = map[string]any{"dataProcessingDetails": map[string]any{"status": "Completed"}, "trainingDetails": map[string]any{"status": "InProgress"}}
	case strings.HasPrefix(name, "bad"):
		out["status"], out["failureMessage"] = "Failed", "the grader timed out"
	default:
		out["status"], out["outputModelArn"] = "Completed", "arn:aws:bedrock:us-east-1:123456789012:custom-model/"+name
		out["endTime"] = "2026-01-02T05:04:05Z"
		out["trainingMetrics"] = map[string]any{"trainingLoss": 0.25}
	}
	answer(w, http.StatusOK, out)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("X-Amzn-ErrorType", kind+":http://internal.amazon.com/coral/com.amazon.bedrock/")
	answer(w, status, map[string]string{"message": message})
}
