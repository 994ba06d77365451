#!/bin/sh
# Stands for `pilot-agent request GET clusters` in a proxy: every address in the file of addresses was dialled once more since
# the last time; without that file it tells nothing.
[ -e "$BED_DIALLED" ] || exit 1
turn=$(cat "$BED_DIALLED.turn" 2>/dev/null || echo 0)
echo $((turn + 1)) > "$BED_DIALLED.turn"
while read -r address; do
  echo "outbound|5000||helloworld.sample.svc.cluster.local::$address::rq_total::$turn"
done < "$BED_DIALLED"
