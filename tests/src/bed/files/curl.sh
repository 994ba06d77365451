#!/bin/sh
# Stands for `curl` in the sample's client: pods are simulated, so the answer is too, and says so.
# Every call gets the next line of the file of answers; tests may rewrite that file.
turn=$(cat "$BED_ANSWERS.turn" 2>/dev/null || echo 0)
lines=$(grep -c '' "$BED_ANSWERS")
[ "$lines" -gt 0 ] || exit 7
echo $((turn + 1)) > "$BED_ANSWERS.turn"
sed -n "$((turn % lines + 1))p" "$BED_ANSWERS"
