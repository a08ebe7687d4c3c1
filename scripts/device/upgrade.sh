# How a box goes over to another program, and back where that one does not serve. Sourced by bash, after lib.sh. What is done is
# known by two links, so that the installer ends what a cut left: `current`, and `untried` to the program before, which is there
# from the moment that the databases are kept until the new program is taken or taken back.
# shellcheck shell=bash disable=SC2034,SC2154

# How long a new program may take to serve before the old one is taken back, seconds: the first start draws 2,400 garments.
readonly READY_SECONDS=900
readonly STAYS_SECONDS=5
readonly UNTRIED="$PROGRAM/untried"
readonly DATABASES=scripts/device/databases.ts

in_use() { readlink "$PROGRAM/current" 2>/dev/null || true; }

# is_upgrade NAME: another program than this one is in use.
is_upgrade() { [ -n "$(in_use)" ] && [ "$(in_use)" != "releases/$1" ]; }

# databases RELEASE STEP: what a release does with the store's databases, as the daemon's user and with its settings.
databases() (
  cd "$PROGRAM/$1" && umask 0077 &&
    exec setpriv --reuid="$DAEMON_USER" --regid="$DAEMON_USER" --init-groups -- env -i PATH="$PATH" HOME="$CACHE" NODE_DISABLE_COMPILE_CACHE=1 \
      LOOKDIAL_CONFIG="$SETTINGS/lookdial.json" ./node "$DATABASES" "$2"
)

# say_room NAME: before anything is changed, whether there is room for a copy of the databases. A dry run asks whom it can.
say_room() {
  local release="releases/$1"
  room='a copy of the databases is kept'
  if ! is_upgrade "$1"; then return; fi
  if "$dry_run" && [ ! -d "$PROGRAM/$release" ]; then release=$(in_use); fi
  if [ ! -e "$PROGRAM/$release/$DATABASES" ]; then return; fi
  room=$(databases "$release" room) || exit 1
}

# take_program NAME
take_program() {
  if [ "$(in_use)" = "releases/$1" ]; then return; fi
  if [ -n "$(in_use)" ]; then put_link "$(in_use)" "$PROGRAM/previous" || true; fi
  if put_link "releases/$1" "$PROGRAM/current"; then restart_daemon=true; fi
}

# Nobody writes meanwhile: all that was ever written is in the copy. Where it cannot be made, the daemon goes on.
keep_databases() {
  trap 'systemctl --no-block start lookdial' EXIT
  systemctl stop lookdial && databases "releases/$name" keep >/dev/null && move_link "$(in_use)" "$UNTRIED"
}

# Ready, and still there a moment later.
stays() {
  local pid
  systemctl --quiet is-active lookdial || return 1
  pid=$(systemctl show -P MainPID lookdial)
  sleep "$STAYS_SECONDS"
  [ "$(systemctl show -P MainPID lookdial)" = "$pid" ] && systemctl --quiet is-active lookdial
}

serves() { timeout "$READY_SECONDS" systemctl restart lookdial && stays; }

accept_program() {
  if [ ! -L "$UNTRIED" ]; then return; fi
  rm "$UNTRIED" && sync "$PROGRAM" && databases "releases/$name" forget
}

# First the program, then what it reads: after a cut between the two it refuses to start until the installer is run again.
take_back() {
  systemctl stop lookdial && move_link "$(readlink "$UNTRIED")" "$PROGRAM/current" && databases "releases/$name" back >&2 &&
    rm "$UNTRIED" && sync "$PROGRAM" && databases "releases/$name" forget || return 1
  systemctl restart lookdial || true
}

start_daemon() {
  trap - EXIT
  if serves; then
    accept_program
    return
  fi
  journalctl --unit lookdial --identifier lookdial --lines 20 --no-pager --output cat >&2 || true
  if [ ! -L "$UNTRIED" ]; then
    die 'The daemon does not start; the end of its log is above.' 'The rest of it: journalctl -u lookdial'
  fi
  take_back || die 'The new program does not serve, and going back to the one before was cut off.' 'Run the installer again: it ends what was begun.'
  die 'The new program does not serve, and the one before is in its place again; the log is above.' 'The rest of it: journalctl -u lookdial'
}

# An upgrade that was cut off: the program that it brought may have served since.
end_upgrade() {
  if [ ! -L "$UNTRIED" ]; then return; fi
  change 'an upgrade that was cut off is ended: its program stays where it serves, and goes where not' judge_program
}

judge_program() {
  if [ "$(in_use)" != "$(readlink "$UNTRIED")" ] && { stays || serves; }; then
    accept_program
  else
    take_back
  fi
}
