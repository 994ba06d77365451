#!/bin/sh
# Takes a test bed down once the process that started it has gone, in whatever way it went:
# the other end of standard input closes, and `cat` ends.
# Every program of a bed carries ISTHMUS_BED=<the bed's folder> in its environment, so none is missed and no other is hit.
trap '' INT TERM HUP
bed=$1
cat > /dev/null
while members=$(grep -lszxF "ISTHMUS_BED=$bed" /proc/[0-9]*/environ); [ -n "$members" ]; do
  # shellcheck disable=SC2046 # a list of numbers
  kill -KILL $(echo "$members" | tr -dc '0-9\n') 2> /dev/null
  sleep 0.05
done
rm -rf "$bed"
