#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the packages that a build, the tests or CI need: install-packages.sh [--yes] build|test|ci
# Each set includes the one before it. Asks first on a terminal; does nothing where all is there; --list only tells.
set -euo pipefail

readonly build_packages=(
  g++ cmake ninja-build pkg-config ca-certificates libcurl4-openssl-dev libssl-dev libsimdjson-dev
  libre2-dev libyaml-cpp-dev libcli11-dev nlohmann-json3-dev libzstd-dev
)
# openssl: keys of the test control plane. pip: the Go toolchain where the machine has none.
# npm: the conformance suite of CEL; Debian's npm cannot stand beside a Node.js from elsewhere, which brings its own.
test_packages=(catch2 git openssl python3 python3-pip python3-jsonschema zstd)
if ! command -v npm >/dev/null; then test_packages+=(npm); fi
readonly test_packages
# clang-format and clang-tidy change what they say from version to version: the number is part of the name.
# clang-14 and its libFuzzer are Debian 12's own.
readonly ci_packages=(clang-format-19 clang-tidy-19 shellcheck clang-14 libclang-rt-14-dev)
readonly lock_seconds=300 install_seconds=1200

say() { echo "install-packages.sh: $*" >&2; }
die() { say "$*"; exit 1; }

missing_packages() { # PACKAGES...: those that dpkg does not have
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then echo "$package"; fi
  done
}

agreed() { # COMMAND: may we run it?
  local answer
  if [ -n "$yes" ] || [ ! -t 0 ]; then return 0; fi
  printf 'This needs packages:\n  %s\nRun it now? [Y/n] ' "$1" >&2
  read -r -t 300 answer || return 1
  [[ $answer =~ ^([yY].*)?$ ]]
}

install_debian() {
  local missing as_root=() command
  mapfile -t missing < <(missing_packages "${packages[@]}")
  if [ ${#missing[@]} = 0 ]; then return; fi
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  command="${as_root[*]:+sudo }apt-get install ${missing[*]}"
  if [ ${#as_root[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
    die "not root, and no sudo here. Let root run: apt-get install ${missing[*]}"
  fi
  agreed "$command" || die "nothing installed. Run it yourself, then try again: $command"
  say "$command"
  local apt=(timeout "$install_seconds" apt-get -q -y -o "DPkg::Lock::Timeout=$lock_seconds" -o Acquire::Retries=3 -o Acquire::http::Timeout=30)
  "${as_root[@]}" "${apt[@]}" update >&2 || say "apt-get update failed; trying with the lists there are"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends "${missing[@]}" >&2 ||
    die "apt-get failed, its words are above. What is needed: ${missing[*]}"
}

list_needs() { # what to install, for this system where we know its names
  if [ -n "$debian" ]; then
    echo "This needs the packages: ${packages[*]}"
    return
  fi
  echo "This needs, installed by your system's own means:"
  echo "  a C++20 compiler (GCC 12, Clang 14 or newer), CMake 3.25 or newer, Ninja, pkg-config"
  echo "  libcurl, OpenSSL, simdjson, RE2, yaml-cpp, CLI11, nlohmann-json and zstd, each with its headers"
  if [ "$set" != build ]; then echo "  Catch2 version 2, git, openssl, Python 3 with jsonschema and pip, the zstd program, npm"; fi
  if [ "$set" = ci ]; then echo "  clang-format 19, clang-tidy 19, shellcheck, clang with libFuzzer"; fi
  case $(sed -n 's/^ID\(_LIKE\)\?=//p' /etc/os-release 2>/dev/null) in
    *fedora* | *rhel*) echo "For a build: dnf install gcc-c++ cmake ninja-build pkgconf libcurl-devel openssl-devel simdjson-devel re2-devel yaml-cpp-devel cli11-devel json-devel libzstd-devel" ;;
    *arch*) echo "For a build: pacman -S base-devel cmake ninja pkgconf curl openssl simdjson re2 yaml-cpp cli11 nlohmann-json zstd" ;;
    *) if command -v brew >/dev/null; then echo "For a build: brew install cmake ninja pkgconf curl openssl simdjson re2 yaml-cpp cli11 nlohmann-json zstd"; fi ;;
  esac
}

check_tools() { # where we cannot install: fails, with the list, when a tool is missing
  local tool absent=()
  for tool in c++ cmake ninja pkg-config; do
    command -v "$tool" >/dev/null || absent+=("$tool")
  done
  if [ ${#absent[@]} = 0 ]; then return; fi
  list_needs >&2
  die "this is neither Debian nor Ubuntu, so nothing was installed. Missing: ${absent[*]}"
}

usage='usage: install-packages.sh [--yes] [--list] build|test|ci'
yes='' list='' set='' debian=''
while [ $# -gt 0 ]; do
  case $1 in
    --yes) yes=1 ;;
    --list) list=1 ;;
    build | test | ci) set=$1 ;;
    *) die "$usage" ;;
  esac
  shift
done
case $set in
  build) packages=("${build_packages[@]}") ;;
  test) packages=("${build_packages[@]}" "${test_packages[@]}") ;;
  ci) packages=("${build_packages[@]}" "${test_packages[@]}" "${ci_packages[@]}") ;;
  *) die "$usage" ;;
esac
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then debian=1; fi
if [ -n "$list" ]; then list_needs; elif [ -n "$debian" ]; then install_debian; else check_tools; fi
