#!/usr/bin/env bash
# What may stand in /etc/lookdial/kiosk.conf. Sourced, it brings what is wrong in the environment to what goes on; run with a file,
# it says what is wrong there, a line each, with its place and the reason. docs/settings.md has them all.
# shellcheck shell=bash

readonly KIOSK_SETTINGS=(LOOKDIAL_KIOSK_PAGE LOOKDIAL_KIOSK_BROWSER LOOKDIAL_KIOSK_PATIENCE LOOKDIAL_KIOSK_START_PATIENCE LOOKDIAL_KIOSK_CAGE)
readonly KIOSK_PAGE=http://127.0.0.1:8080/ KIOSK_BROWSER=/usr/bin/chromium
# Seconds. A page says every five that it runs; one whose timers the browser holds back, every sixty.
readonly PATIENCE=75 LEAST_PATIENCE=15 START_PATIENCE=60 LEAST_START_PATIENCE=10 MOST_PATIENCE=86400

is_page() { [[ $1 =~ ^http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?([/?#].*)?$ ]]; }
is_browser() { [[ $1 == /* ]] && [ -f "$1" ] && [ -x "$1" ]; }
# is_seconds VALUE LEAST
is_seconds() { [[ $1 =~ ^[0-9]{1,6}$ ]] && [ $((10#$1)) -ge "$2" ] && [ $((10#$1)) -le "$MOST_PATIENCE" ]; }
# Of cage's options those that leave it running: cage(1).
is_cage() {
  local words
  read -ra words <<<"$1"
  set -- "${words[@]}"
  while [ $# -gt 0 ]; do
    if [ "$1" = -m ]; then
      case "${2:-}" in last | extend) shift ;; *) return 1 ;; esac
    elif ! [[ $1 =~ ^-[dDrs]+$ ]]; then
      return 1
    fi
    shift
  done
}

# seconds_of VALUE DEFAULT LEAST: what is taken in its place. Less than the least is the least; what is no number, the default.
seconds_of() {
  if is_seconds "$1" "$3"; then
    printf '%s' $((10#$1))
  elif [[ $1 =~ ^[0-9]{1,6}$ ]] && [ $((10#$1)) -lt "$3" ]; then
    printf '%s' "$3"
  else
    printf '%s' "$2"
  fi
}

use_kiosk_settings() {
  if ! is_page "${LOOKDIAL_KIOSK_PAGE:-}"; then LOOKDIAL_KIOSK_PAGE="$KIOSK_PAGE"; fi
  if ! is_browser "${LOOKDIAL_KIOSK_BROWSER:-}"; then LOOKDIAL_KIOSK_BROWSER="$KIOSK_BROWSER"; fi
  LOOKDIAL_KIOSK_PATIENCE=$(seconds_of "${LOOKDIAL_KIOSK_PATIENCE:-}" "$PATIENCE" "$LEAST_PATIENCE")
  LOOKDIAL_KIOSK_START_PATIENCE=$(seconds_of "${LOOKDIAL_KIOSK_START_PATIENCE:-}" "$START_PATIENCE" "$LEAST_START_PATIENCE")
}

# kiosk_fault NAME VALUE: what it must be, where it is not. An empty one is none.
kiosk_fault() {
  local must taken
  if [ -z "$2" ] && [ "$1" != LOOKDIAL_KIOSK_PAGE ]; then return; fi
  case "$1" in
    LOOKDIAL_KIOSK_PAGE)
      is_page "$2" && return
      must="the box's own address, as http://127.0.0.1:8080/?lang=de" taken="$KIOSK_PAGE is taken"
      ;;
    LOOKDIAL_KIOSK_BROWSER)
      is_browser "$2" && return
      must='the whole path of a program that is there and can be run' taken="$KIOSK_BROWSER is taken"
      ;;
    LOOKDIAL_KIOSK_PATIENCE)
      is_seconds "$2" "$LEAST_PATIENCE" && return
      must="a whole number of seconds, $LEAST_PATIENCE to $MOST_PATIENCE" taken="$(seconds_of "$2" "$PATIENCE" "$LEAST_PATIENCE") is taken"
      ;;
    LOOKDIAL_KIOSK_START_PATIENCE)
      is_seconds "$2" "$LEAST_START_PATIENCE" && return
      must="a whole number of seconds, $LEAST_START_PATIENCE to $MOST_PATIENCE" taken="$(seconds_of "$2" "$START_PATIENCE" "$LEAST_START_PATIENCE") is taken"
      ;;
    LOOKDIAL_KIOSK_CAGE)
      is_cage "$2" && return
      must='some of -d, -r, -s, -D, -m last and -m extend' taken='cage may not start'
      ;;
    *) must="" ;;
  esac
  if [ -z "$must" ]; then
    printf 'there is no setting %s; there are %s' "$1" "${KIOSK_SETTINGS[*]}"
  else
    printf '%s is "%s", and must be %s; %s' "$1" "$2" "$must" "$taken"
  fi
}

# kiosk_faults FILE: as systemd reads it, systemd.exec(5).
kiosk_faults() {
  local file="$1" line number=0 name value fault page=false
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    if [[ -z $line || $line == [\#\;]* ]]; then continue; fi
    if ! [[ $line =~ ^([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]]; then
      printf '%s:%d: “%s” is no NAME=value, and is passed over.\n' "$file" "$number" "$line"
      continue
    fi
    name="${BASH_REMATCH[1]}" value="${BASH_REMATCH[2]}"
    if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value="${BASH_REMATCH[1]}"; fi
    if [ "$name" = LOOKDIAL_KIOSK_PAGE ]; then page=true; fi
    # Whatever else is there is the browser's.
    if [[ $name != LOOKDIAL_* ]]; then continue; fi
    fault=$(kiosk_fault "$name" "$value")
    if [ -n "$fault" ]; then printf '%s:%d: %s.\n' "$file" "$number" "$fault"; fi
  done <"$file"
  if ! "$page"; then printf '%s: %s.\n' "$file" "LOOKDIAL_KIOSK_PAGE is not there; $KIOSK_PAGE is taken"; fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then kiosk_faults "${1:?a file, such as /etc/lookdial/kiosk.conf}"; fi
