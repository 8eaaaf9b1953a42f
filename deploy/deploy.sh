#!/bin/sh
# deploy.sh: from a spec to a qualified lambdaGrader ARN. It packages the spec,
# uploads the package, deploys the stack, grades sample rollouts with the deployed
# version, compares the scores with this machine's, and prints how to submit a job.
#
#   deploy/deploy.sh --spec grader.yaml --bucket my-packages --rollouts rollouts.jsonl [PARAMETER=VALUE...]
#   deploy/deploy.sh --spec grader.yaml --image ACCOUNT.dkr.ecr.REGION.amazonaws.com/rftgrader --rollouts rollouts.jsonl
#
# PARAMETERs are those of deploy/template.yaml. It needs the AWS CLI with an
# account, and for --image docker with buildx.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

usage() {
	sed -n '2,/^set -eu/p' "$0" | sed '$d; s/^# \{0,1\}//'
	echo "options: --spec FILE  --rollouts FILE  --bucket NAME | --image REPOSITORY  [--stack rftgrader]  [--arch arm64|amd64]  [--dry-run]"
}
die() {
	echo "deploy.sh: $*" >&2
	exit 2
}

stack=rftgrader arch=arm64 spec='' bucket='' image='' rollouts='' dry=''
while [ $# -gt 0 ]; do
	case $1 in
	--spec) spec=${2:-}; shift 2 || die "--spec wants a file" ;;
	--bucket) bucket=${2:-}; shift 2 || die "--bucket wants a name" ;;
	--image) image=${2:-}; shift 2 || die "--image wants a repository" ;;
	--rollouts) rollouts=${2:-}; shift 2 || die "--rollouts wants a file" ;;
	--stack) stack=${2:-}; shift 2 || die "--stack wants a name" ;;
	--arch) arch=${2:-}; shift 2 || die "--arch wants arm64 or amd64" ;;
	--dry-run) dry=yes; shift ;;
	--help | -h) usage; exit 0 ;;
	*=*) break ;;
	*) usage >&2; die "what is $1?" ;;
	esac
done
[ -n "$spec" ] || { usage >&2; die "--spec is missing"; }
[ -f "$spec" ] || die "there is no spec $spec"
[ -n "$rollouts" ] || die "--rollouts is missing: a deployed grader that was never compared is a guess"
[ -f "$rollouts" ] || die "there are no rollouts $rollouts"
case $arch in
arm64) machine=arm64 ;;
amd64) machine=x86_64 ;;
*) die "--arch: want arm64 or amd64, got $arch" ;;
esac
[ -n "$bucket" ] || [ -n "$image" ] || die "want --bucket for a zip or --image for an image"
[ -z "$bucket" ] || [ -z "$image" ] || die "want --bucket or --image, and not both"
for parameter in "$@"; do
	name=${parameter%%=*}
	grep -q "^  $name:\$" "$root/deploy/template.yaml" || die "template.yaml has no parameter $name"
done

# run does what it says, or with --dry-run only says it.
run() {
	printf '+'
	printf ' %s' "$@"
	echo
	[ -n "$dry" ] || "$@"
}

go build -o "$root/build/rft" "$root/cmd/rft"
hash=$(cd "$root" && go run ./cmd/lambda check "$(cd "$(dirname "$spec")" && pwd)/$(basename "$spec")" | sed -n 's/.*: hash \([0-9a-f]*\).*/\1/p')
[ -n "$hash" ] || die "the spec's hash is not known"

if [ -n "$image" ]; then
	tag=$image:$hash-$arch
	case $spec in /*) die "--image: the spec must lie in the folder that is built, as a relative path" ;; esac
	run docker buildx build --platform "linux/$arch" --provenance=false --build-arg "SPEC=$spec" -f "$root/deploy/Dockerfile" -t "$tag" --push "$root"
	digest='<digest>'
	[ -n "$dry" ] || digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
	set -- "ImageUri=$image@$digest" "$@"
else
	(cd "$root" && make --no-print-directory package "ARCH=$arch" "SPEC=$spec")
	zip=$root/build/grader-$arch.zip
	sha=$(openssl dgst -sha256 -binary "$zip" | openssl base64 -A)
	key=rftgrader/$(openssl dgst -sha256 -r "$zip" | cut -c 1-16).zip
	run aws s3 cp --only-show-errors "$zip" "s3://$bucket/$key"
	set -- "CodeBucket=$bucket" "CodeKey=$key" "CodeSha256=$sha" "$@"
fi

run aws cloudformation deploy --template-file "$root/deploy/template.yaml" --stack-name "$stack" \
	--capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
	--parameter-overrides "Architecture=$machine" "SpecHash=$hash" "$@"

output() {
	if [ -n "$dry" ]; then
		echo "<$1>"
	else
		aws cloudformation describe-stacks --stack-name "$stack" --output text \
			--query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
	fi
}
arn=$(output GraderArn)
role=$(output ServiceRoleArn)
[ -n "$arn" ] || die "the stack $stack has no output GraderArn"
run "$root/build/rft" invoke "$arn" "$rollouts" --compare "$spec"

echo
echo "lambdaGrader: $arn"
if [ -n "$role" ]; then
	echo "roleArn:      $role"
	echo
	echo "rft job submit --grader $arn --role $role --model MODEL --name NAME --data s3://.../train.jsonl --output s3://.../"
else
	echo "No role for Bedrock was made: give DataBucket=... for one."
fi
