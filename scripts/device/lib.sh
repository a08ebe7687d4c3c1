# What the installer and the uninstaller have in common: telling, and doing so that a second run changes nothing. Sourced by bash.
# shellcheck shell=bash disable=SC2034

readonly PROGRAM=/opt/lookdial
readonly DATA=/var/lib/lookdial
readonly CACHE=/var/cache/lookdial
readonly SETTINGS=/etc/lookdial
readonly UNITS=/etc/systemd/system
readonly COMMAND=/usr/local/bin/lookdial
readonly POLICY_FOLDERS=(/etc/chromium/policies/managed /etc/opt/chrome/policies/managed)
readonly JOURNALD=/etc/systemd/journald.conf.d/lookdial.conf
readonly DAEMON_USER=lookdial
readonly KIOSK_USER=lookdial-kiosk

dry_run=false
changed=0
step_number=0

step() {
  step_number=$((step_number + 1))
  printf '[%d/%d] %s\n' "$step_number" "$STEPS" "$1"
}

say() { printf '      %s\n' "$1"; }

# die SENTENCE [NEXT STEP]
die() {
  printf 'lookdial: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf '  %s\n' "$2" >&2; fi
  exit 1
}

# change WORDS COMMAND...: does what changes the machine, or says what it would be.
change() {
  local words="$1"
  shift
  changed=$((changed + 1))
  if "$dry_run"; then
    say "would: $words"
  else
    say "$words"
    "$@" || die "This failed: $words" "The command was: $*"
  fi
}

# A service manager to talk to; in a chroot or an image there is none, and the units wait for the first boot.
has_systemd() { [ -d /run/systemd/system ]; }

# as_they_are PATH OWNER MODE: whether a path has them.
as_they_are() { [ "$(stat -c '%U:%G %a' "$1" 2>/dev/null)" = "$2 $3" ]; }

put_folder() {
  local path="$1" owner="$2" mode="$3"
  if [ -d "$path" ] && as_they_are "$path" "$owner" "$mode"; then return; fi
  change "the folder $path, $owner, $mode" make_folder "$path" "$owner" "$mode"
}

make_folder() {
  mkdir -p "$1" && chown "$2" "$1" && chmod "$3" "$1"
}

# put_file SOURCE PATH [OWNER MODE]: makes PATH what SOURCE is, whole or not at all.
put_file() {
  local source="$1" path="$2" owner="${3:-root:root}" mode="${4:-644}"
  if cmp -s "$source" "$path" && as_they_are "$path" "$owner" "$mode"; then return 1; fi
  change "the file $path" write_file "$source" "$path" "$owner" "$mode"
}

write_file() {
  mkdir -p "$(dirname "$2")" && install -m "$4" -o "${3%:*}" -g "${3#*:}" "$1" "$2.lookdial-new" && sync "$2.lookdial-new" &&
    mv -f "$2.lookdial-new" "$2"
}

# keep_file SOURCE PATH OWNER MODE: a file that belongs to whoever runs the box; it is made once.
keep_file() {
  if [ -e "$2" ]; then return; fi
  change "the file $2, yours to change" write_file "$@"
}

has_user() { getent passwd "$1" >/dev/null; }
in_group() { id -nG "$1" 2>/dev/null | tr ' ' '\n' | grep -qx "$2"; }

put_user() {
  local name="$1" home="$2"
  shift 2
  if ! has_user "$name"; then
    change "the system user $name" useradd --system --user-group --no-create-home --home-dir "$home" --shell /usr/sbin/nologin "$name"
  fi
  local group
  for group in "$@"; do
    if getent group "$group" >/dev/null && ! in_group "$name" "$group"; then
      change "$name into the group $group" usermod --append --groups "$group" "$name"
    fi
  done
}

is_installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]; }

# put_packages NAME...: those that are missing.
put_packages() {
  local missing=() name
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  if [ "${#missing[@]}" = 0 ]; then return; fi
  change "the packages ${missing[*]}" get_packages "${missing[@]}"
}

get_packages() {
  local apt=(apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 --quiet --quiet)
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --yes --no-install-recommends "$@" >/dev/null
}

put_link() {
  local target="$1" path="$2"
  if [ "$(readlink "$path" 2>/dev/null)" = "$target" ]; then return 1; fi
  change "the link $path to $target" move_link "$target" "$path"
}

# In one rename: there is no moment without it.
move_link() {
  ln -sfn "$1" "$2.lookdial-new" && mv -fT "$2.lookdial-new" "$2" && sync "$(dirname "$2")"
}

remove_path() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then return; fi
  change "away with $1" rm -rf "$1"
}

remove_user() {
  if ! has_user "$1"; then return; fi
  change "away with the user $1" userdel "$1"
}
