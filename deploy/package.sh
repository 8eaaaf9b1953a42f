#!/bin/sh
# package.sh ARCH [SPEC]: makes build/grader-ARCH.zip, the function's deployment
# package for Lambda's provided.al2023 runtime. The same sources give the same
# bytes. ARCH is arm64 or amd64. SPEC is checked, and goes in as grader.yaml;
# files that it names must lie beside it and go in too, as the arguments after it.
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
arch=$1
spec=${2:-}
flags=${LAMBDA_FLAGS:-"-trimpath -tags lambda.norpc -ldflags '-s -w'"}

case $arch in
arm64 | amd64) ;;
*) echo "package: want arm64 or amd64, got $arch" >&2; exit 2 ;;
esac

folder=build/package-$arch
rm -rf "$folder"
mkdir -p "$folder"
eval "CGO_ENABLED=0 GOOS=linux GOARCH=$arch $go build $flags -o $folder/bootstrap ./cmd/lambda"
files=bootstrap
if [ -n "$spec" ]; then
	$go run ./cmd/lambda check "$spec"
	cp "$spec" "$folder/grader.yaml"
	files="$files grader.yaml"
	shift 2
	for file in "$@"; do
		cp "$file" "$folder/"
		files="$files $(basename "$file")"
	done
else
	echo "package: no SPEC, so the function needs GRADER_SPEC in its environment" >&2
fi
zip=../grader-$arch.zip
# shellcheck disable=SC2086
(cd "$folder" && $go tool build-lambda-zip -o "$zip" $files >/dev/null)
echo "build/grader-$arch.zip: $(wc -c <"build/grader-$arch.zip" | tr -d ' ') bytes"
