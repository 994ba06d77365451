#!/bin/sh
# Takes a test bed down once the process that started it has gone, in whatever way it went:
# the other end of standard input closes, and `cat` ends.
# Every program of a bed carries ISTHMUS_BED=<the bed's folder> in its environment, so none is missed and no other is hit.
trap '' INT TERM HUP
bed=$1
cat > /dev/null
while :; do
  members=
  for environ in /proc/[0-9]*/environ; do
    if grep -qszxF "ISTHMUS_BED=$bed" "$environ"; then
      pid=${environ#/proc/}
      members="$members ${pid%/environ}"
    fi
  done
  [ -n "$members" ] || break
  # shellcheck disable=SC2086 # a list of numbers
  kill -KILL $members 2> /dev/null
  sleep 0.05
done
rm -rf "$bed"
