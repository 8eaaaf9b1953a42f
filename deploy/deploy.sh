#!/bin/sh
# deploy.sh: from a spec to a qualified lambdaGrader ARN. It packages the spec,
# uploads the package, deploys the stack, grades sample rollouts with the deployed
# version, compares the scores with this machine's, and prints how to submit a job.
#
#   deploy/deploy.sh --spec grader.yaml --bucket my-packages --rollouts rollouts.jsonl [PARAMETER=VALUE...]
#   deploy/deploy.sh --spec grader.yaml --image ACCOUNT.dkr.ecr.REGION.amazonaws.com/rftgrader --rollouts rollouts.jsonl
#
# PARAMETERs are those of deploy/template.yaml. Each --file goes beside the spec,
# for what the spec refers to. It needs the AWS CLI with an account, and for
# --image docker with buildx.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

usage() {
	sed -n '2,/^set -eu/p' "$0" | sed '$d; s/^# \{0,1\}//'
	echo "options: --spec FILE  --rollouts FILE  --bucket NAME | --image REPOSITORY  [--file FILE]...  [--stack rftgrader]  [--arch arm64|amd64]  [--dry-run]"
}
die() {
	echo "deploy.sh: $*" >&2
	exit 2
}
absolute() {
	printf '%s/%s\n' "$(cd "$(dirname "$1")" && pwd)" "$(basename "$1")"
}

beside=$root/build/beside.$$
trap 'rm -rf "$beside"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$beside"

stack=rftgrader arch=arm64 spec='' bucket='' image='' rollouts='' dry=''
while [ $# -gt 0 ]; do
	case $1 in
	--spec | --bucket | --image | --rollouts | --stack | --arch | --file)
		[ -n "${2:-}" ] || die "$1 wants a value"
		case $1 in
		--spec) spec=$2 ;;
		--bucket) bucket=$2 ;;
		--image) image=$2 ;;
		--rollouts) rollouts=$2 ;;
		--stack) stack=$2 ;;
		--arch) arch=$2 ;;
		--file)
			[ -f "$2" ] || die "there is no file $2"
			cp "$2" "$beside/"
			;;
		esac
		shift 2
		;;
	--dry-run) dry=yes; shift ;;
	--help | -h) usage; exit 0 ;;
	-*) usage >&2; die "what is $1?" ;;
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
	case $parameter in *=*) ;; *) die "want PARAMETER=VALUE behind the options, got $parameter" ;; esac
	case $name in
	Architecture | SpecHash | CodeBucket | CodeKey | CodeSha256 | ImageUri) die "$name is said by deploy.sh itself" ;;
	*[!A-Za-z0-9]* | '') die "template.yaml has no parameter $name" ;;
	esac
	sed -n '/^Parameters:/,/^Rules:/p' "$root/deploy/template.yaml" | grep -q "^  $name:\$" || die "template.yaml has no parameter $name"
done
spec=$(absolute "$spec")
rollouts=$(absolute "$rollouts")

# run does what it says, or with --dry-run only says it.
run() {
	printf '+'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./:=,@%+-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
	[ -n "$dry" ] || "$@"
}

# package makes the zip of the spec and of what lies beside it.
package() {
	set -- "$arch" "$beside/grader.yaml"
	for file in "$beside"/*; do
		[ "$file" = "$beside/grader.yaml" ] || set -- "$@" "$file"
	done
	(cd "$root" && sh deploy/package.sh "$@")
}

(cd "$root" && go build -o build/rft ./cmd/rft)
# As the function will find it: under its own name, with the files beside it.
cp "$spec" "$beside/grader.yaml"
hash=$(cd "$root" && go run ./cmd/lambda check "$beside/grader.yaml" | sed -n 's/.*: hash \([0-9a-f]*\).*/\1/p')
[ -n "$hash" ] || die "the spec's hash is not known"

if [ -n "$image" ]; then
	tag=$image:$hash-$arch
	run docker buildx build --platform "linux/$arch" --provenance=false --build-context "spec=$beside" -f "$root/deploy/Dockerfile" -t "$tag" --push "$root"
	digest=sha256:$(printf '%064d' 0)
	[ -n "$dry" ] || digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
	set -- "ImageUri=$image@$digest" CodeBucket= CodeKey= CodeSha256= "$@"
else
	package
	zip=$root/build/grader-$arch.zip
	sha=$(openssl dgst -sha256 -binary "$zip" | openssl base64 -A)
	key=rftgrader/$(openssl dgst -sha256 -r "$zip" | cut -c 1-16).zip
	run aws s3 cp --only-show-errors "$zip" "s3://$bucket/$key"
	set -- ImageUri= "CodeBucket=$bucket" "CodeKey=$key" "CodeSha256=$sha" "$@"
fi

run aws cloudformation deploy --template-file "$root/deploy/template.yaml" --stack-name "$stack" \
	--capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
	--parameter-overrides "Architecture=$machine" "SpecHash=$hash" "$@"

# output prints an output of the stack, and nothing if there is none.
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
