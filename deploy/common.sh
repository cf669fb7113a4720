# Shared by install, upgrade, rollback and purge; sourced, it only defines. With DESTDIR everything is below that folder,
# and nothing of this machine (packages, users, services) is touched.
# shellcheck shell=bash

umask 022                     # an administrator's own may be 077: the service could not read its program

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DESTDIR=${DESTDIR:+$(realpath -m "$DESTDIR")}
OPT=/opt/siaga112             # the program: a virtual environment, the Asterisk tree, these unit files
ETC=/etc/siaga112
STATE=/var/lib/siaga112
UNITS=/etc/systemd/system
RULES=/etc/udev/rules.d/77-siaga112-modems.rules
COMMAND=/usr/local/bin/siaga112
CONFIG=$ETC/siaga112.toml
ACCOUNT=siaga112
PYTHON=${PYTHON:-/usr/bin/python3}   # the system's: one in a home folder is hidden from the services
TOOL=$(basename "$0")

# Also brings what it takes to have an Asterisk: what is missing, how packages are installed, which Asterisk will do.
# shellcheck source=scripts/setup
source "$HERE/scripts/setup"

say() { printf '%s: %s\n' "$TOOL" "$*"; }
fail() { printf '%s: %s\n' "$TOOL" "$*" >&2; exit 1; }

staging() { [[ -n $DESTDIR ]]; }
has_systemd() { ! staging && [[ -d /run/systemd/system ]]; }
need_root() { staging || [[ $(id -u) -eq 0 ]] || fail "needs root: sudo deploy/$TOOL, or DESTDIR=FOLDER to look at what it would install"; }
need_installed() { [[ -x $DESTDIR$OPT/bin/siaga112 ]] || fail "nothing is installed in $DESTDIR$OPT: deploy/install"; }

# The umask and folder that the units give: a database that root's umask made readable for all would stay so.
as_service() { (cd "$STATE" && umask 077 && runuser -u "$ACCOUNT" -- env HOME="$STATE" SIAGA112_CONFIG="$CONFIG" "$@"); }
siaga() { as_service "$OPT/bin/siaga112" "$@"; }

# What runs needs these; the list of scripts/setup is for tests too.
# shellcheck disable=SC2034 # read by bring_packages
needs=(redis-server:redis-server espeak-ng:espeak-ng sox:sox /etc/ssl/certs/ca-certificates.crt:ca-certificates)

bring_system_packages() {
  need_tree=$1
  staging || bring_packages
  "$PYTHON" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || fail "missing: $PYTHON 3.11 or newer with venv: apt-get install python3 python3-venv, or PYTHON=PATH"
}

# The program's sources without what building and testing left beside them.
copy_sources() { # FOLDER
  tar -C "$HERE" --exclude=./.git --exclude=./.venv --exclude=./var --exclude=./build --exclude=./dist --exclude='*.egg-info' \
    --exclude=__pycache__ --exclude='./.*_cache' --exclude=./.hypothesis --exclude=./tests --exclude=./benchmarks -cf - . | tar -C "$1" -xf -
}

version_of() { # FOLDER with the sources: what the program is made of, in one word
  (cd "$1" && { find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; "$PYTHON" --version; } | sha256sum | cut -d' ' -f1)
}

installed_version() { cat "$DESTDIR$OPT/.version" 2>/dev/null || echo none; }

# Everything is made beside the one that runs, and is moved to its place when it is whole.
build_program() { # FOLDER with the sources
  local source=$1 new=$DESTDIR$OPT.new pip
  rm -rf "$new"
  mkdir -p "$(dirname "$new")"
  say "Python environment from requirements.lock"
  "$PYTHON" -m venv "$new"
  pip=("$new/bin/pip" --quiet --disable-pip-version-check --no-input)
  "$PYTHON" "$source/deploy/runtime_lock.py" "$source/setup.cfg" "$source/requirements.lock" >"$new/.lock"
  PIP_ROOT_USER_ACTION=ignore "${pip[@]}" install --no-compile --require-hashes --only-binary :all: -r "$new/.lock" \
    || fail "the Python packages could not be fetched; nothing was changed"
  version_of "$source" >"$new/.version"
  mkdir -p "$new/share/siaga112"
  cp -rP "$source/deploy/systemd" "$source/deploy/udev" "$source/docs/installation.md" "$new/share/siaga112/"
  install -m 0755 "$source/deploy/siaga112" "$new/share/siaga112/command"
  PIP_ROOT_USER_ACTION=ignore "${pip[@]}" install --no-compile --no-deps --no-build-isolation "$source"
  # It is called by another path than the one it was made at, in its scripts and in what a traceback says.
  grep -rlIF "$new" "$new/bin" "$new/pyvenv.cfg" | xargs -r sed -i "s|$new|$OPT|g"
  "$new/bin/python" -W ignore -m compileall -q -f -s "$new" -p "$OPT" "$new/lib" || fail "the Python packages could not be compiled"
}

# shellcheck disable=SC2034 # VENV, ASTERISK_TREE are read by bring_asterisk
asterisk_beside() { # FRESH=yes: not the one that is installed, even if it will do
  VENV=$DESTDIR$OPT.new
  ASTERISK_TREE=$VENV/opt/asterisk
  local old=$DESTDIR$OPT/opt/asterisk
  if [[ ${1:-no} = no && -d $old ]]; then
    mkdir -p "$VENV/opt"
    # The same files under a second name: 270 MB are neither fetched nor copied, and both ways back stay whole.
    cp -al "$old" "$ASTERISK_TREE"
  fi
  need_tree=no
  asterisk_on_path || brought_asterisk || need_tree=yes
  bring_asterisk
}

# The one that was there is kept for `rollback`.
swap_in() {
  local place=$DESTDIR$OPT
  if [[ -e $place ]]; then
    rm -rf "$place.previous"
    mv "$place" "$place.previous"
  fi
  mv "$place.new" "$place"
}

make_account() {
  staging && return
  if ! getent passwd "$ACCOUNT" >/dev/null; then
    say "user and group $ACCOUNT"
    useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin --comment 'Siaga 112' "$ACCOUNT"
  fi
  usermod --append --groups dialout "$ACCOUNT"
  install -d -m 0750 -o root -g "$ACCOUNT" "$ETC"
  install -d -m 0700 -o "$ACCOUNT" -g "$ACCOUNT" "$STATE" "$STATE/backups"
}

# Files of the program that is in place now, so that `rollback` brings its own back.
install_files() {
  local share=$DESTDIR$OPT/share/siaga112
  mkdir -p "$DESTDIR$UNITS" "$DESTDIR$(dirname "$COMMAND")"
  say "units in $DESTDIR$UNITS"
  cp -rP "$share/systemd/." "$DESTDIR$UNITS/"
  install -m 0755 "$share/command" "$DESTDIR$COMMAND"
  if ! staging && [[ -d $(dirname "$RULES") ]]; then
    say "udev rules in $RULES"
    "$OPT/bin/python" "$OPT/share/siaga112/udev/modem_rules.py" "$CONFIG" >"$RULES.new" && mv "$RULES.new" "$RULES" \
      || { rm -f "$RULES.new"; say "no udev rules: mend $CONFIG, then run this again"; }
  fi
  if has_systemd; then
    systemctl daemon-reload
    if command -v udevadm >/dev/null; then udevadm control --reload; udevadm trigger --subsystem-match=usb --subsystem-match=tty; fi
  fi
}

# The services that run now, to be started again; none where there is no systemd.
running_units() {
  has_systemd || return 0
  local unit
  for unit in siaga112.service siaga112.target; do
    systemctl --quiet is-active "$unit" && printf '%s\n' "$unit"
  done
  return 0
}

stop_units() { # units
  [[ $# -eq 0 ]] && return
  say "stopping $*: calls may end first"
  systemctl stop "$@" 'siaga112-*.service'
}

start_units() { # units
  [[ $# -eq 0 ]] && return
  say "starting $*"
  systemctl start "$@"
}

# The first process that runs the installed program, and that no service stops.
running_process() {
  local process
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/exe") = "$OPT"/* || $(tr '\0' ' ' <"$process/cmdline") = *"$OPT/"* ]]; then
      printf '%s\n' "${process#/proc/}"
      return
    fi
  done 2>/dev/null
}

# Its files are about to be moved or removed under it.
require_nothing_running() { # units to start again if there is one
  local process
  process=$(running_process)
  [[ -n $process ]] || return 0
  start_units "$@"
  fail "process $process runs the installed program: end it first. Nothing was changed"
}
