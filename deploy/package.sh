#!/bin/sh
# package.sh ARCH [SPEC [FILE...]]: makes build/grader-ARCH.zip, the deployment
# package for Lambda's provided.al2023 runtime. The same sources give the same
# bytes. ARCH is arm64 or amd64. SPEC is checked first, and goes in as
# grader.yaml, with the FILEs that lie beside it. MODULE is the folder of a
# module with a ./cmd/lambda of its own; without it, this one's is packaged.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
go=${GO:-go}
arch=${1:-arm64}
spec=${2:-}
module=${MODULE:-$root}
flags=${LAMBDA_FLAGS:-"-trimpath -tags lambda.norpc -ldflags '-s -w'"}

case $arch in
arm64 | amd64) ;;
*) echo "package: want arm64 or amd64, got $arch" >&2; exit 2 ;;
esac

zip=build/grader-$arch.zip
folder=build/package-$arch
rm -rf "$folder" "$zip"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [ -n "$spec" ]; then
	absolute=$(cd "$(dirname "$spec")" && pwd)/$(basename "$spec")
	(cd "$module" && $go run ./cmd/lambda check "$absolute")
	cp "$spec" "$folder/grader.yaml"
	shift 2
	for file in "$@"; do cp "$file" "$folder/"; done
else
	echo "package: no SPEC, so the function needs GRADER_SPEC in its environment" >&2
fi
(cd "$module" && eval "CGO_ENABLED=0 GOOS=linux GOARCH=$arch $go build $flags -o '$folder/bootstrap' ./cmd/lambda")

set -- "$folder/bootstrap"
for file in "$folder"/*; do
	[ "$file" = "$folder/bootstrap" ] || set -- "$@" "$file"
done
out=$(pwd)/$zip
(cd "$root" && $go run github.com/rftgrader/rftgrader/deploy/bundle "$out" "$@")
echo "$zip: $(wc -c <"$zip" | tr -d ' ') bytes"
