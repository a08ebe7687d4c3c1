# The program as a box has it: built aside, tried, and renamed into place. Sourced by bash, after lib.sh.
# shellcheck shell=bash

# What a box needs of the project, and what the page is built from.
readonly PARTS=(device docs models scripts ui package.json package-lock.json .npmrc tsconfig.json LICENSE README.md)
# Megabytes that a build takes at its most: with the compilers, which a box does not keep.
readonly BUILD_MB=2500

# list_sources PROJECT: every file that counts, below PROJECT.
list_sources() {
  (cd "$1" && find "${PARTS[@]}" \( -name node_modules -o -path ui/dist -o -name built -o -name __pycache__ -o -name train -o -name pictures \) -prune -o \
    -type f -print0 | LC_ALL=C sort -z)
}

# release_name PROJECT: its version and a digest of its files and of the machine's kind, so that the same is never built twice.
release_name() {
  local digest version
  digest=$( (uname -m; list_sources "$1" | (cd "$1" && xargs -0 sha256sum)) | sha256sum | cut -c1-12)
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$1/package.json")
  printf '%s-%s' "$version" "$digest"
}

# build_release PROJECT TARGET: each line says for itself whether it held, for bash stops at nothing where a caller looks.
build_release() {
  local project="$1" target="$2" staging="$2.building" free
  rm -rf "$PROGRAM"/releases/*.building
  mkdir -p "$staging" || return 1
  free=$(df --output=avail -m "$staging" | tail -1)
  [ "$free" -ge "$BUILD_MB" ] || die "There are $free MB free below $PROGRAM, and a build takes $BUILD_MB." "Free some space, then run the installer again."
  list_sources "$project" | tar --create --directory="$project" --null --files-from=- | tar --extract --directory="$staging" --no-same-owner || return 1
  local node="$staging/node" arch
  case "$(uname -m)" in x86_64) arch=x64 ;; *) arch=arm64 ;; esac
  say 'npm gets Node, and with it the packages, of the versions and digests that package-lock.json names'
  get_node "$staging" "$arch" || die 'npm could not get Node; its own words are above.' 'Look at the network and the proxy, then run the installer again.'
  own_npm "$staging" ci >&2 || die 'npm could not get the packages; its own words are above.' 'Look at the network and the proxy, then run the installer again.'
  # npm 9 does not link it into .bin.
  ln -sfn "node_modules/node-linux-$arch/bin/node" "$node" || return 1
  say "the kiosk's page and the search's kernel are built"
  "$node" "$staging/scripts/build.ts" >/dev/null || die 'The page could not be built; its own words are above.'
  say 'what only a build needs is left out'
  own_npm "$staging" prune --omit=dev --no-save >&2 || return 1
  keep_own_runtime "$staging" "$arch" || return 1
  rm -rf "$staging/node_modules/.cache" "$staging/.first" "$staging/.npm-cache" || return 1
  chown -R root:root "$staging" && chmod -R u=rwX,go=rX "$staging" || return 1
  (cd "$staging" && "$node" --input-type=module -e "await import('onnxruntime-node'); await import('sharp')") ||
    die 'A native library of the new program does not load; its own words are above.' "This machine's glibc must be 2.28 or newer."
  # A box has nothing to build with.
  "$node" "$staging/scripts/build.ts" >/dev/null || die 'The new program is not whole: its page or its kernel would be built again.' 'Run the installer again; if it stays so, this is a fault of the program.'
  rm -rf "$staging/node_modules/.cache" || return 1
  sync --file-system "$staging" && mv -T "$staging" "$target" && sync "$PROGRAM/releases"
}

npm_options() {
  printf '%s\n' --prefix "$1" --cache "${2:-$1}/.npm-cache" --no-progress --no-update-notifier --no-fund --no-audit --ignore-scripts --loglevel=error
}

# The system's npm leaves out packages that its own, older Node could not run: so the project's Node comes first, and runs npm.
get_node() {
  local staging="$1" name="node-linux-$2" version options
  version=$(sed -n "s/^    \"$name\": \"\(.*\)\",\{0,1\}$/\1/p" "$staging/package.json")
  mkdir "$staging/.first" || return 1
  mapfile -t options < <(npm_options "$staging/.first" "$staging")
  npm "${options[@]}" install "$name@$version" >&2 || return 1
  [ "$(integrity_of "$name" "$staging/.first/package-lock.json")" = "$(integrity_of "$name" "$staging/package-lock.json")" ] ||
    die "The $name that npm got is not the one that package-lock.json names." 'Somebody changed it on its way: look at the registry and the proxy.'
  ln -s ".first/node_modules/$name/bin/node" "$staging/node" && "$staging/node" --version >/dev/null
}

# integrity_of PACKAGE LOCKFILE
integrity_of() {
  sed -n "/^    \"node_modules\/$1\": {/,/^    }/s/^      \"integrity\": \"\(.*\)\",$/\1/p" "$2"
}

# own_npm STAGING WORDS...: the system's npm, run by the project's Node. Debian keeps npm's own packages where its own Node looks.
own_npm() {
  local staging="$1" options
  shift
  mapfile -t options < <(npm_options "$staging")
  NODE_PATH="/usr/share/nodejs:/usr/lib/$(uname -m)-linux-gnu/nodejs:/usr/lib/nodejs" \
    "$staging/node" --no-deprecation "$(readlink -f "$(command -v npm)")" "${options[@]}" "$@"
}

# ONNX Runtime's package has the libraries of every system there is.
keep_own_runtime() {
  local own="linux/$2" folder
  for folder in "$1"/node_modules/onnxruntime-node/bin/napi-v*/*/*; do
    case "$folder" in */"$own") ;; *) rm -rf "$folder" ;; esac
  done
}

# forget_releases: all but the one in use and the one before it.
forget_releases() {
  local release keep
  keep=" $(readlink "$PROGRAM/current" 2>/dev/null) $(readlink "$PROGRAM/previous" 2>/dev/null || true) "
  for release in "$PROGRAM"/releases/*; do
    case "$keep" in *" releases/${release##*/} "*) ;; *) remove_path "$release" ;; esac
  done
}
