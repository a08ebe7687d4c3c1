# How scripts on the box ask the daemon, with nothing but bash. Sourced.
# shellcheck shell=bash disable=SC2034

# shellcheck source=scripts/device/kiosk-conf.sh
. "$(dirname "${BASH_SOURCE[0]}")/kiosk-conf.sh"
use_kiosk_settings

page="$LOOKDIAL_KIOSK_PAGE"
host="${page#*://}"
host="${host%%[/?#]*}"
address="${host%:*}"
port="${host##*:}"
if [ "$port" = "$host" ]; then port=80; fi

# ask PATH: `status` and `body` are the answer's. Fails where none comes within five seconds.
ask() {
  local line
  status='' body=''
  exec 3<>"/dev/tcp/$address/$port" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" "$host" >&3
  read -r -t 5 _ status _ <&3 || return 1
  while read -r -t 5 line <&3 && [ "$line" != $'\r' ]; do :; done
  # It ends with the line, which is no failure.
  read -r -t 5 -d '' body <&3 || true
  exec 3>&-
}

# Whether the daemon answers shoppers. Another program at its port may say yes to everything, and is not believed.
ready() {
  ask /readyz 2>/dev/null && [ "$status" = 200 ] && [[ $body == *'"status":"ready","edition":"'*'"provider":"'* ]]
}

# Seconds since the box was switched on: the clock may be set meanwhile.
uptime_seconds() {
  local up
  read -r up _ </proc/uptime
  printf '%s' "${up%%.*}"
}

# Where a daemon that did not start has left since when, in seconds of the box's uptime, and after that line why: device/health/not-ready.ts.
readonly not_ready="${LOOKDIAL_TEST_NOT_READY:-/run/lookdial/not-ready}"

# fails_since_long: it has not started for as long as that is waited for.
fails_since_long() {
  local since
  { read -r since <"$not_ready"; } 2>/dev/null && [[ $since =~ ^[0-9]{1,12}$ ]] &&
    [ $(($(uptime_seconds) - since)) -ge "$LOOKDIAL_KIOSK_START_PATIENCE" ]
}
