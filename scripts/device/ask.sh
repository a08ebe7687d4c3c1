# How scripts on the box ask the daemon, with nothing but bash. Sourced.
# shellcheck shell=bash disable=SC2034

page="${LOOKDIAL_KIOSK_PAGE:?it is set in /etc/lookdial/kiosk.conf}"
host="${page#*://}"
host="${host%%/*}"
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
